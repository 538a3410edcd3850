package mata.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import mata.fleet.FleetOptions;
import mata.fleet.InlineCarrier;
import mata.fleet.LoadedModelView;
import mata.fleet.Memory;
import mata.fleet.ReaderFleet;
import mata.fleet.ReaderView;
import mata.fleet.Reason;
import mata.hub.HubCache;
import mata.hub.ModelPlaces;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.ReaderLoop;
import mata.registry.RegisteredModel;
import mata.task.ModelRef;
import mata.task.ModelState;
import mata.task.Task;
import mata.testing.MemoryRegistry;
import mata.testing.ScriptedModel;
import mata.testing.ScriptedReaderProcess;
import mata.time.SystemTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scheduler and fleet with readers inside this process: the same loop, no process border. */
@Timeout(30)
final class InlineReadersTest {

    private static final ModelRef A = new ModelRef("acme/a");
    private static final ModelRef B = new ModelRef("acme/b");

    @TempDir
    private Path folder;

    private final SystemTime time = new SystemTime();
    private final MemoryRegistry registry = new MemoryRegistry();
    private Optional<ReaderFleet> running = Optional.empty();
    private Optional<FifoScheduler> scheduling = Optional.empty();

    @AfterEach
    void end() {
        scheduling.ifPresent(FifoScheduler::close);
        running.ifPresent(ReaderFleet::close);
        time.close();
    }

    @Test
    void aRequestIsAnsweredByAReaderInThisProcess() throws Exception {
        start(FleetOptions.defaults(2));

        assertThat(infer(A, "say cat")).isEqualTo("say cat");

        assertThat(fleet().readers().getFirst().pids())
                .containsExactly(ProcessHandle.current().pid());
        assertThat(view(A).state()).isEqualTo(ModelState.IDLE);
    }

    @Test
    void oneModelMakesRoomForAnother() throws Exception {
        FleetOptions options = FleetOptions.defaults(2);
        start(options.with(
                new FleetOptions.Stay(options.stay().keepAlive(), OptionalInt.of(1), 0.9, List.of(), Set.of())));

        infer(A, "say one");
        infer(B, "say two");

        assertThat(view(A).state()).isEqualTo(ModelState.EVICTED);
        assertThat(view(A).lastEnd()).isEqualTo("evicted: to make room for acme/b");
        assertThat(view(B).state()).isEqualTo(ModelState.IDLE);
        assertThat(infer(A, "say three")).isEqualTo("say three");
    }

    @Test
    void modelsThatAreToBeThereFromTheStartAreLoadedThen() {
        FleetOptions options = FleetOptions.defaults(2);
        start(options.with(
                new FleetOptions.Stay(options.stay().keepAlive(), OptionalInt.empty(), 0.9, List.of(A), Set.of())));

        await().untilAsserted(() -> assertThat(view(A).state()).isEqualTo(ModelState.READY));
    }

    @Test
    void aFaultOfTheEngineEndsTheReaderAndTheJobIsGivenUpAfterTwo() {
        start(FleetOptions.defaults(2));

        assertThatThrownBy(() -> infer(A, "link libonnxruntime is gone"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        lost -> assertThat(lost.problem())
                                .isEqualTo(new Problem.ReaderLost("reader a-0 cannot go on: libonnxruntime is gone")));
        assertThat(fleet().readers().getFirst().reason()).contains(Reason.ENGINE_FATAL);
    }

    @Test
    void unloadingEndsTheReader() throws Exception {
        start(FleetOptions.defaults(2));
        fleet().load(A);
        assertThat(fleet().readers()).extracting(ReaderView::state).containsExactly(ReaderView.State.LIVE);

        assertThat(fleet().unload(A)).isTrue();

        assertThat(fleet().readers()).isEmpty();
    }

    private void start(FleetOptions options) {
        for (ModelRef model : List.of(A, B)) {
            registry.put(new RegisteredModel(
                    model, Task.CLASSIFY, RegisteredModel.Source.HF, Optional.of(folder), Map.of()));
        }
        var places = new ModelPlaces(new HubCache(folder.resolve("cache")), folder.resolve("starters"));
        var parts = new ReaderLoop.Parts(ScriptedReaderProcess.loader(), ScriptedModel::decode, time, () -> 0);
        var fleet = new ReaderFleet(
                options, registry, places, new InlineCarrier(parts), () -> new Memory(1L << 30, 1L << 40), time);
        var scheduler = new FifoScheduler(fleet, time, 1000);
        scheduler.start();
        fleet.start();
        running = Optional.of(fleet);
        scheduling = Optional.of(scheduler);
    }

    private ReaderFleet fleet() {
        return running.orElseThrow();
    }

    private String infer(ModelRef model, String script) throws InterruptedException {
        var job = new Job(
                model,
                Task.CLASSIFY,
                ScriptedModel.picture(script),
                Params.NONE,
                Duration.ofSeconds(20),
                OptionalInt.empty());
        return ScriptedModel.label(scheduling.orElseThrow().submit(job).await().result());
    }

    private LoadedModelView view(ModelRef model) {
        return fleet().models().stream()
                .filter(view -> view.model().equals(model))
                .findFirst()
                .orElseThrow();
    }
}
