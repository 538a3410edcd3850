package mata.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import mata.fleet.FleetEvent.OfModel;
import mata.fleet.FleetEvent.OfReader;
import mata.problem.Problem;
import mata.task.ModelRef;
import mata.task.ModelState;
import mata.task.Task;
import org.junit.jupiter.api.Test;

/** The life of models, vision-api section 3, on a clock that stands still. */
final class ModelsTest {

    private static final ModelRef A = new ModelRef("acme/a");
    private static final ModelRef B = new ModelRef("acme/b");
    private static final ModelRef C = new ModelRef("acme/c");
    private static final Optional<Duration> FIVE_MINUTES = Optional.of(Duration.ofMinutes(5));
    private static final long MB = 1 << 20;

    /** 1000 MB, of which models may bring the use to 900; 100 are used without any. */
    private long usedBytes = 100 * MB;

    private FleetState state = fleet(OptionalInt.empty(), Set.of());
    private Moment now = new Moment(Duration.ZERO, Instant.EPOCH);
    private List<Effect> effects = List.of();

    @Test
    void aModelIsLoadedWhenItIsFirstWantedAndIsReadyThen() {
        on(new OfModel.Wanted(A));
        assertThat(effects).containsExactly(new Effect.OfModel.Measure(A, Optional.empty()));
        assertThat(stateOf(A)).isEqualTo(ModelState.LOADING);

        measured(A, 200);
        assertThat(starts()).hasSize(1);
        assertThat(reader(A).incarnation()).isEqualTo(new Incarnation(new ReaderId("a-0"), 1));
        assertThat(stateOf(A)).isEqualTo(ModelState.LOADING);

        isLive(A, 150);
        assertThat(effects).contains(new Effect.OfModel.Ready(A));
        assertThat(stateOf(A)).isEqualTo(ModelState.READY);
        assertThat(view(A).memoryBytes()).isEqualTo(150 * MB);
        assertThat(view(A).loads()).isEqualTo(1);
    }

    @Test
    void aHundredWhoWantItCauseOneLoad() {
        List<Effect> all = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            on(new OfModel.Wanted(A));
            all.addAll(effects);
            on(new OfModel.Held(A));
            all.addAll(effects);
        }
        measured(A, 200);
        all.addAll(effects);
        for (int i = 0; i < 50; i++) {
            on(new OfModel.Held(A));
            all.addAll(effects);
        }

        assertThat(all).filteredOn(Effect.OfModel.Measure.class::isInstance).hasSize(1);
        assertThat(all).filteredOn(Effect.OfReader.Start.class::isInstance).hasSize(1);
    }

    @Test
    void aModelThatIsLoadedIsReadyForWhoeverWantsItNow() {
        load(A, 200);

        on(new OfModel.Wanted(A));

        assertThat(effects).containsExactly(new Effect.OfModel.Ready(A));
    }

    @Test
    void statesFollowTheWorkInHand() {
        load(A, 200);
        on(new OfModel.Held(A));
        assertThat(stateOf(A)).isEqualTo(ModelState.ACTIVE);

        on(new OfModel.Held(A));
        on(new OfModel.Released(A, FIVE_MINUTES, true));
        assertThat(stateOf(A)).isEqualTo(ModelState.ACTIVE);

        on(new OfModel.Released(A, FIVE_MINUTES, true));
        assertThat(stateOf(A)).isEqualTo(ModelState.IDLE);
        assertThat(view(A).lastUsed()).isEqualTo(now.wall());
    }

    @Test
    void keepAliveCountsFromTheLastUseAndEndsInUnloaded() {
        load(A, 200);
        use(A, FIVE_MINUTES);
        assertThat(view(A).expiresAt()).isEqualTo(now.wall().plusSeconds(300));
        at(200);
        use(A, FIVE_MINUTES);

        passTo(499.9);
        assertThat(stateOf(A)).isEqualTo(ModelState.IDLE);
        passTo(500);
        assertThat(reader(A).isDraining()).isTrue();
        hasGone(A);

        assertThat(stateOf(A)).isEqualTo(ModelState.UNLOADED);
        assertThat(view(A).lastEnd()).isEqualTo("keep_alive");
        assertThat(view(A).expiresAt()).isNull();
        assertThat(view(A).memoryBytes()).isZero();
    }

    @Test
    void keepAliveOfZeroUnloadsAtOnceAndOfMinusOneNever() {
        load(A, 200);
        load(B, 200);

        use(A, Optional.of(Duration.ZERO));
        use(B, Optional.empty());

        assertThat(reader(A).isDraining()).isTrue();
        assertThat(state.deadline()).isEqualTo(state.readers().deadline());
        passTo(1_000_000);
        assertThat(stateOf(B)).isEqualTo(ModelState.IDLE);
        assertThat(view(B).expiresAt()).isNull();
    }

    @Test
    void aModelThatWasNeverUsedDoesNotExpire() {
        load(A, 200);

        passTo(1_000_000);

        assertThat(stateOf(A)).isEqualTo(ModelState.READY);
    }

    @Test
    void workThatComesWhileAModelLeavesBringsItBack() {
        load(A, 200);
        use(A, Optional.of(Duration.ZERO));
        on(new OfModel.Held(A));

        hasGone(A);

        assertThat(effects).contains(new Effect.OfModel.Measure(A, Optional.of(200 * MB)));
        measured(A, 200);
        isLive(A, 200);
        assertThat(stateOf(A)).isEqualTo(ModelState.ACTIVE);
        assertThat(view(A).loads()).isEqualTo(2);
    }

    @Test
    void memoryPressureEndsTheLeastRecentlyUsedIdleModel() {
        load(A, 300);
        load(B, 300);
        use(B, FIVE_MINUTES);
        at(1);
        use(A, FIVE_MINUTES);
        usedBytes = 700 * MB;

        want(C, 300);
        assertThat(reader(B).isDraining()).isTrue();
        assertThat(stateOf(A)).isEqualTo(ModelState.IDLE);
        assertThat(stateOf(C)).isEqualTo(ModelState.LOADING);

        usedBytes = 400 * MB;
        hasGone(B);
        assertThat(stateOf(B)).isEqualTo(ModelState.EVICTED);
        assertThat(view(B).lastEnd()).isEqualTo("evicted: to make room for acme/c");
        measured(C, 300);
        assertThat(starts()).hasSize(1);
    }

    @Test
    void asManyLeaveAsAreNeededAndNoMore() {
        load(A, 100);
        load(B, 100);
        load(C, 100);
        for (ModelRef model : List.of(A, B, C)) {
            at(now.elapsed().toSeconds() + 1.0);
            use(model, FIVE_MINUTES);
        }
        usedBytes = 850 * MB;

        want(new ModelRef("acme/d"), 240);

        assertThat(reader(A).isDraining()).isTrue();
        assertThat(reader(B).isDraining()).isTrue();
        assertThat(reader(C).isLive()).isTrue();
    }

    @Test
    void whoWaitsForTheFirstJobLeavesAfterThoseThatHaveHadOne() {
        load(A, 300);
        load(B, 300);
        at(10);
        use(B, FIVE_MINUTES);
        usedBytes = 700 * MB;

        want(C, 300);

        assertThat(reader(B).isDraining()).isTrue();
        assertThat(reader(A).isLive()).isTrue();
    }

    @Test
    void anActiveModelIsNeverEvicted() {
        load(A, 300);
        on(new OfModel.Held(A));
        usedBytes = 700 * MB;

        want(B, 300);

        assertThat(stateOf(A)).isEqualTo(ModelState.ACTIVE);
        assertThat(effects).singleElement().isInstanceOfSatisfying(Effect.OfModel.Unservable.class, refused -> {
            assertThat(refused.model()).isEqualTo(B);
            assertThat(refused.problem())
                    .isEqualTo(new Problem.OutOfMemory("no memory for acme/b: it needs about 300 MB, 700 MB are in use,"
                            + " models may bring that to 900 MB, and no idle model is left to unload"));
        });
        assertThat(stateOf(B)).isNull();
    }

    @Test
    void nobodyLeavesWhereThatWouldNotBeEnough() {
        load(A, 100);
        use(A, FIVE_MINUTES);
        usedBytes = 850 * MB;

        want(B, 500);

        assertThat(stateOf(A)).isEqualTo(ModelState.IDLE);
        assertThat(effects).hasOnlyElementsOfType(Effect.OfModel.Unservable.class);
    }

    @Test
    void aPinnedModelNeitherExpiresNorMakesRoom() {
        state = fleet(OptionalInt.empty(), Set.of(A));
        load(A, 300);
        use(A, Optional.of(Duration.ZERO));
        assertThat(stateOf(A)).isEqualTo(ModelState.IDLE);
        passTo(100_000);
        usedBytes = 700 * MB;

        want(B, 300);

        assertThat(stateOf(A)).isEqualTo(ModelState.IDLE);
        assertThat(effects).hasOnlyElementsOfType(Effect.OfModel.Unservable.class);
    }

    @Test
    void aPinnedModelLeavesWhenSomebodyOrdersIt() {
        state = fleet(OptionalInt.empty(), Set.of(A));
        load(A, 300);

        on(new OfModel.Unwanted(A));

        assertThat(reader(A).isDraining()).isTrue();
    }

    @Test
    void noMoreModelsAreLoadedThanAreAllowed() {
        state = fleet(OptionalInt.of(2), Set.of());
        load(A, 10);
        load(B, 10);
        use(B, FIVE_MINUTES);
        at(1);
        use(A, FIVE_MINUTES);

        want(C, 10);

        assertThat(reader(B).isDraining()).isTrue();
        hasGone(B);
        measured(C, 10);
        isLive(C, 10);
        assertThat(stateOf(B)).isEqualTo(ModelState.EVICTED);
        assertThat(stateOf(C)).isEqualTo(ModelState.READY);
    }

    @Test
    void whereAsManyAsAllowedAreActiveThereIsNoPlace() {
        state = fleet(OptionalInt.of(1), Set.of());
        load(A, 10);
        on(new OfModel.Held(A));

        want(B, 10);

        assertThat(effects)
                .containsExactly(new Effect.OfModel.Unservable(
                        B,
                        new Problem.OutOfMemory(
                                "no place for acme/b: no more than 1 models may be loaded, and none of them is idle")));
    }

    @Test
    void memoryOfModelsThatAreStillLoadingIsCounted() {
        want(A, 500);
        assertThat(starts()).hasSize(1);

        want(B, 400);

        assertThat(effects).hasOnlyElementsOfType(Effect.OfModel.Unservable.class);
    }

    @Test
    void whoLeavesAlreadyIsWaitedFor() {
        load(A, 500);
        use(A, Optional.of(Duration.ZERO));
        assertThat(reader(A).isDraining()).isTrue();
        usedBytes = 600 * MB;

        want(B, 500);
        assertThat(effects).isEmpty();

        usedBytes = 100 * MB;
        hasGone(A);
        assertThat(effects).contains(new Effect.OfModel.Measure(B, Optional.empty()));
        measured(B, 500);
        assertThat(starts()).hasSize(1);
    }

    @Test
    void aModelThatIsUnloadedIsGoneOnceItsReaderHasEnded() {
        load(A, 200);

        on(new OfModel.Unwanted(A));
        assertThat(effects).noneMatch(Effect.OfModel.class::isInstance);
        hasGone(A);

        assertThat(effects).contains(new Effect.OfModel.Unloaded(A, true));
        assertThat(stateOf(A)).isEqualTo(ModelState.UNLOADED);
        assertThat(view(A).lastEnd()).isEqualTo("unloaded");
    }

    @Test
    void thereIsNothingToUnloadWhereNothingIsLoaded() {
        on(new OfModel.Unwanted(A));

        assertThat(effects).containsExactly(new Effect.OfModel.Unloaded(A, false));
    }

    @Test
    void whoWaitsForAModelThatIsUnloadedWhileItLoadsIsToldSo() {
        want(A, 200);

        on(new OfModel.Unwanted(A));
        assertThat(effects)
                .contains(new Effect.OfModel.Unservable(
                        A, new Problem.Broken("acme/a was unloaded while it was loading")));

        hasGone(A);
        assertThat(effects).contains(new Effect.OfModel.Unloaded(A, true));
        on(new OfModel.Wanted(A));
        assertThat(effects).hasOnlyElementsOfType(Effect.OfModel.Measure.class);
    }

    @Test
    void aReaderThatDiesWhileLoadingFailsThoseWhoWaitWithWhy() {
        want(A, 200);
        var why = new Problem.BadInput("model.onnx is no graph");

        on(new OfReader.Failed(reader(A).incarnation(), why));

        assertThat(effects).contains(new Effect.OfModel.Unservable(A, why));
        assertThat(stateOf(A)).isEqualTo(ModelState.UNLOADED);
        assertThat(view(A).lastEnd()).isEqualTo("died: load_failed");
    }

    @Test
    void whoAsksAgainAtOnceIsToldTheSameAndLaterItIsTriedAnew() {
        aReaderThatDied();

        at(4.9);
        on(new OfModel.Held(A));
        assertThat(effects)
                .containsExactly(new Effect.OfModel.Unservable(A, new Problem.BadInput("model.onnx is no graph")));

        at(5);
        on(new OfModel.Held(A));
        assertThat(effects).hasAtLeastOneElementOfType(Effect.OfModel.Measure.class);
        measured(A, 200);
        assertThat(reader(A).incarnation().number()).isEqualTo(2);
    }

    @Test
    void whoAsksForItToBeLoadedIsNotPutOff() {
        aReaderThatDied();

        on(new OfModel.Wanted(A));

        assertThat(effects).hasAtLeastOneElementOfType(Effect.OfModel.Measure.class);
    }

    @Test
    void aReaderThatDiesWhileItIsUsedReturnsByItself() {
        load(A, 200);
        on(new OfModel.Held(A));

        on(new OfReader.Exited(reader(A).incarnation(), "ended by signal 9", List.of()));
        assertThat(effects).noneMatch(Effect.OfModel.class::isInstance);
        assertThat(view(A).lastEnd()).isEqualTo("died: exited");

        passTo(1);
        assertThat(stateOf(A)).isEqualTo(ModelState.LOADING);
        isLive(A, 200);
        assertThat(stateOf(A)).isEqualTo(ModelState.ACTIVE);
        assertThat(view(A).loads()).isEqualTo(2);
    }

    @Test
    void aReaderThatDiesTooOftenFailsThoseWhoWaitUntilSomebodyLoadsIt() {
        load(A, 200);
        on(new OfModel.Held(A));
        for (int i = 0; i < 5; i++) {
            on(new OfReader.Exited(reader(A).incarnation(), "ended by signal 11", List.of()));
            if (i < 4) {
                passTo(now.elapsed().toSeconds() + 60.0);
            }
        }
        assertThat(effects)
                .contains(new Effect.OfModel.Unservable(A, new Problem.Broken("reader a-0 ended by signal 11")));

        at(now.elapsed().toSeconds() + 3600.0);
        on(new OfModel.Held(A));
        assertThat(effects).hasOnlyElementsOfType(Effect.OfModel.Unservable.class);

        on(new OfModel.Wanted(A));
        assertThat(effects).hasAtLeastOneElementOfType(Effect.OfModel.Measure.class);
    }

    @Test
    void silenceAndReturnIsNoLoad() {
        load(A, 200);
        at(11);
        take(state.on(new FleetEvent.Look(), now));
        assertThat(reader(A).isDead()).isTrue();

        on(new OfReader.Beat(reader(A).incarnation(), Duration.ofSeconds(10), 200 * MB));

        assertThat(stateOf(A)).isEqualTo(ModelState.READY);
        assertThat(view(A).loads()).isEqualTo(1);
    }

    @Test
    void aModelWhoseFilesAreNotThereFailsThoseWhoWait() {
        on(new OfModel.Held(A));
        var why = new Problem.Missing("Model not found: acme/a");

        on(new OfModel.Unusable(A, why));

        assertThat(effects).containsExactly(new Effect.OfModel.Unservable(A, why));
        assertThat(state.models().views(state.readers())).isEmpty();
    }

    @Test
    void namesThatNobodyUsesAnyMoreAreForgotten() {
        for (int i = 0; i < 2000; i++) {
            var model = new ModelRef("acme/unknown-" + i);
            on(new OfModel.Held(model));
            on(new OfModel.Unusable(model, new Problem.Missing("Model not found")));
            on(new OfModel.Released(model, FIVE_MINUTES, false));
        }

        assertThat(state.models().all()).hasSizeLessThanOrEqualTo(256);
    }

    // ---- steps

    private static FleetState fleet(OptionalInt maxLoaded, Set<ModelRef> pinned) {
        return new FleetState(
                ReaderTable.empty(new ReaderTable.Rules(Duration.ofSeconds(30))),
                Models.none(new Models.Rules(FIVE_MINUTES, maxLoaded, 0.9, pinned)));
    }

    private void load(ModelRef model, long megabytes) {
        want(model, megabytes);
        isLive(model, megabytes);
    }

    private void want(ModelRef model, long megabytes) {
        on(new OfModel.Wanted(model));
        measured(model, megabytes);
    }

    private void measured(ModelRef model, long megabytes) {
        var spec = new ReaderSpec(
                model,
                Task.DETECT,
                Path.of("/models"),
                Map.of(),
                "cpu",
                List.of(model.shortName()),
                false,
                Duration.ofSeconds(10),
                Duration.ofSeconds(600));
        on(new OfModel.Measured(model, spec, megabytes * MB, new Memory(usedBytes, 1000 * MB)));
    }

    private void isLive(ModelRef model, long megabytes) {
        Incarnation reader = reader(model).incarnation();
        on(new OfReader.Beat(reader, Duration.ofSeconds(10), megabytes * MB));
        on(new OfReader.Loaded(reader, "cpu", "detr", Duration.ofSeconds(1), megabytes * MB));
    }

    private void use(ModelRef model, Optional<Duration> keepAlive) {
        on(new OfModel.Held(model));
        on(new OfModel.Released(model, keepAlive, true));
    }

    private void hasGone(ModelRef model) {
        on(new OfReader.Exited(reader(model).incarnation(), "ended with exit code 0", List.of()));
    }

    private void aReaderThatDied() {
        want(A, 200);
        on(new OfReader.Failed(reader(A).incarnation(), new Problem.BadInput("model.onnx is no graph")));
    }

    private void on(FleetEvent event) {
        take(state.on(event, now));
    }

    private void take(FleetState.Step step) {
        state = step.state();
        effects = step.effects();
    }

    private void at(double seconds) {
        Duration elapsed = Duration.ofMillis(Math.round(seconds * 1000));
        now = new Moment(elapsed, Instant.EPOCH.plus(elapsed));
    }

    private void passTo(double seconds) {
        at(seconds);
        on(new FleetEvent.Passed());
    }

    private List<Effect> starts() {
        return effects.stream().filter(Effect.OfReader.Start.class::isInstance).toList();
    }

    private Reader reader(ModelRef model) {
        return Models.reader(state.models().find(model).orElseThrow(), state.readers())
                .orElseThrow();
    }

    private LoadedModelView view(ModelRef model) {
        return views(model).orElseThrow();
    }

    private @org.jspecify.annotations.Nullable ModelState stateOf(ModelRef model) {
        return views(model).map(LoadedModelView::state).orElse(null);
    }

    private Optional<LoadedModelView> views(ModelRef model) {
        return state.models().views(state.readers()).stream()
                .filter(view -> view.model().equals(model))
                .findFirst();
    }
}
