package mata.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import mata.fleet.FleetEvent.OfReader;
import mata.problem.Problem;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Readers-status sections 6.1 to 6.4, rule by rule, on a clock that stands still. */
final class ReaderTableTest {

    private static final ReaderId ID = new ReaderId("det-1");
    private static final ReaderSpec SPEC = new ReaderSpec(
            new ModelRef("acme/detector-s"),
            Task.DETECT,
            Path.of("/models/detector-s"),
            Map.of(),
            "cpu",
            List.of("detect", "primary"),
            false,
            Duration.ofSeconds(3),
            Duration.ofSeconds(600));

    private ReaderTable table = ReaderTable.empty(new ReaderTable.Rules(Duration.ofSeconds(30)));
    private Moment now = new Moment(Duration.ZERO, Instant.EPOCH);
    private List<Effect.OfReader> effects = List.of();

    @Nested
    final class States {

        @Test
        void aReaderThatIsCreatedLoads() {
            on(new OfReader.Created(ID, SPEC));

            assertThat(reader().phase()).isInstanceOf(Phase.Loading.class);
            assertThat(effects).containsExactly(new Effect.OfReader.Start(first(), SPEC));
            assertThat(reader().facts().pids()).isEmpty();
            assertThat(reader().facts().beat()).isEmpty();
        }

        @Test
        void aReaderIsLiveOnceItIsLoadedAndHasGivenASignOfLife() {
            on(new OfReader.Created(ID, SPEC));

            on(new OfReader.Beat(first(), seconds(3), 0));
            assertThat(reader().isLoading()).isTrue();
            on(loaded(first()));

            assertThat(reader().isLive()).isTrue();
            assertThat(effects).containsExactly(new Effect.OfReader.Opened(first(), SPEC, 0, false));
            assertThat(reader().facts().landing().device()).isEqualTo("cuda:0");
        }

        @Test
        void aReaderThatIsLoadedButHasGivenNoSignOfLifeIsNotLiveYet() {
            on(new OfReader.Created(ID, SPEC));

            on(loaded(first()));
            assertThat(reader().isLoading()).isTrue();

            on(new OfReader.Beat(first(), seconds(3), 0));
            assertThat(reader().isLive()).isTrue();
        }

        @Test
        void aLiveReaderThatIsDeletedFinishesItsWorkAndIsGoneWhenItEnds() {
            live();
            on(new OfReader.Deleted(ID));

            assertThat(reader().isDraining()).isTrue();
            assertThat(effects)
                    .containsExactly(
                            new Effect.OfReader.Closed(first(), SPEC), new Effect.OfReader.Drain(first(), SPEC));

            on(new OfReader.Exited(first(), "ended with exit code 0", List.of()));
            assertThat(table.find(ID)).isEmpty();
            assertThat(effects).last().isEqualTo(new Effect.OfReader.Gone(first(), SPEC));
        }

        @Test
        void aDrainingReaderThatTakesTooLongIsEnded() {
            live();
            on(new OfReader.Deleted(ID));

            passTo(30);

            assertThat(effects).containsExactly(new Effect.OfReader.Kill(first(), SPEC));
            assertThat(table.find(ID)).isPresent(); // its memory is not back before it has ended
            on(new OfReader.Exited(first(), "ended by signal 9", List.of()));
            assertThat(table.find(ID)).isEmpty();
        }

        @Test
        void aDrainingReaderThatFallsSilentIsEnded() {
            live();
            on(new OfReader.Deleted(ID));

            lookAt(4);

            assertThat(effects).containsExactly(new Effect.OfReader.Kill(first(), SPEC));
        }

        @Test
        void aLoadingReaderThatIsDeletedIsEndedAtOnce() {
            on(new OfReader.Created(ID, SPEC));
            on(new OfReader.Deleted(ID));

            assertThat(effects).containsExactly(new Effect.OfReader.Kill(first(), SPEC));
            on(new OfReader.Exited(first(), "ended by signal 9", List.of()));
            assertThat(table.find(ID)).isEmpty();
        }

        @Test
        void aDeadReaderThatIsDeletedIsGoneAtOnce() {
            live();
            on(new OfReader.Exited(first(), "crashed", List.of()));
            on(new OfReader.Deleted(ID));

            assertThat(table.all()).isEmpty();
            assertThat(effects).last().isEqualTo(new Effect.OfReader.Gone(first(), SPEC));
        }

        @Test
        void anIncarnationIsNeverUsedTwice() {
            live();
            on(new OfReader.Deleted(ID));
            on(new OfReader.Exited(first(), "ended", List.of()));

            on(new OfReader.Created(ID, SPEC));

            assertThat(reader().incarnation().number()).isEqualTo(2);
        }
    }

    @Nested
    final class Heartbeats {

        /** H4: the promise in force is that of the newest heartbeat, and it is the one that is shown. */
        @Test
        void theNewestPromiseIsInForce() {
            live();
            on(new OfReader.Beat(first(), seconds(300), 77));

            assertThat(reader().facts().beat().orElseThrow().promise()).isEqualTo(seconds(300));
            assertThat(reader().facts().residentBytes()).isEqualTo(77);
            lookAt(300);
            assertThat(reader().isLive()).isTrue();

            on(new OfReader.Beat(first(), seconds(3), 77));
            lookAt(303.001);
            assertThat(reader().isDead()).isTrue();
        }

        @Test
        void h5SilenceThatEqualsThePromiseIsNotSilence() {
            live();

            lookAt(3);
            assertThat(reader().isLive()).isTrue();

            lookAt(3.001);
            assertThat(dead().reason()).isEqualTo(Reason.SILENT);
        }

        @Test
        void h6SilenceIsActedOnAtTheTickOnly() {
            live();

            passTo(100);
            assertThat(reader().isLive()).isTrue();

            lookAt(100);
            assertThat(dead().reason()).isEqualTo(Reason.SILENT);
        }

        @Test
        void h7ASilentReaderThatIsHeardAgainIsLiveAtOnce() {
            live();
            lookAt(4);
            on(new OfReader.Claimed(first(), 2));

            on(new OfReader.Beat(first(), seconds(3), 0));

            assertThat(reader().isLive()).isTrue();
            assertThat(effects).containsExactly(new Effect.OfReader.Opened(first(), SPEC, 2, true));
            assertThat(reader().counts().restarts()).isZero();
        }

        @Test
        void h7AReaderThatFellSilentWhileLoadingReturnsToLoading() {
            on(new OfReader.Created(ID, SPEC));
            on(new OfReader.Beat(first(), seconds(3), 0));
            lookAt(4);
            assertThat(dead().reason()).isEqualTo(Reason.SILENT);

            on(new OfReader.Beat(first(), seconds(3), 0));
            assertThat(reader().isLoading()).isTrue();

            on(loaded(first()));
            assertThat(reader().isLive()).isTrue();
        }

        @Test
        void h7AReaderThatBecameReadyWhileItCountedAsSilentIsLiveWithItsNextSign() {
            on(new OfReader.Created(ID, SPEC));
            on(new OfReader.Beat(first(), seconds(3), 0));
            lookAt(4);
            on(loaded(first()));
            assertThat(reader().isDead()).isTrue();

            on(new OfReader.Beat(first(), seconds(3), 0));

            assertThat(reader().isLive()).isTrue();
            assertThat(effects).containsExactly(new Effect.OfReader.Opened(first(), SPEC, 0, false));
        }

        @Test
        void h7AnyOtherDeadReaderIsNotRevivedAndItsHeartbeatIsCounted() {
            live();
            on(new OfReader.Exited(first(), "crashed", List.of()));

            on(new OfReader.Beat(first(), seconds(3), 0));

            assertThat(dead().reason()).isEqualTo(Reason.EXITED);
            assertThat(table.ignoredBeats()).isEqualTo(1);
        }

        @Test
        void h7AHeartbeatOfAnUnknownReaderIsCounted() {
            on(new OfReader.Beat(first(), seconds(3), 0));

            assertThat(table.all()).isEmpty();
            assertThat(table.ignoredBeats()).isEqualTo(1);
        }

        @Test
        void h8AJumpOfTheWallClockChangesWhatIsPrintedAndNotTheVerdict() {
            live();
            Instant tomorrow = Instant.EPOCH.plus(Duration.ofDays(1));

            look(new Moment(seconds(2), tomorrow));
            assertThat(reader().isLive()).isTrue();

            now = new Moment(seconds(2), tomorrow);
            on(new OfReader.Beat(first(), seconds(3), 0));
            assertThat(reader().facts().beat().orElseThrow().at().wall()).isEqualTo(tomorrow);
            look(new Moment(seconds(5.5), Instant.EPOCH));
            assertThat(reader().isDead()).isTrue();
        }

        @Test
        void h9ALoadingReaderThatHasGivenASignIsSilentLikeAnyOther() {
            on(new OfReader.Created(ID, SPEC));
            lookAt(100);
            assertThat(reader().isLoading()).isTrue(); // it has promised nothing yet

            on(new OfReader.Beat(first(), seconds(3), 0));
            lookAt(104);
            assertThat(dead().reason()).isEqualTo(Reason.SILENT);
        }

        @Test
        void h10AHeartbeatOfAnOlderIncarnationIsIgnored() {
            live();
            on(new OfReader.Exited(first(), "crashed", List.of()));
            passTo(1);
            assertThat(reader().incarnation().number()).isEqualTo(2);

            on(new OfReader.Beat(first(), seconds(3), 0));

            assertThat(reader().facts().beat()).isEmpty();
            assertThat(table.ignoredBeats()).isEqualTo(1);
        }
    }

    /** The table of 6.3: when it is noticed, whether it needs the tick, and whether it is started again. */
    @Nested
    final class Deaths63 {

        @Test
        void aSilentReaderIsRestartedOnceThreeOfItsWaitsHavePassed() {
            live();
            lookAt(4);
            assertThat(effects)
                    .containsExactly(new Effect.OfReader.Lost(
                            first(),
                            SPEC,
                            Reason.SILENT,
                            new Problem.ReaderLost("reader det-1 gave no sign of life for 3 s"),
                            true));

            passTo(12.9);
            assertThat(reader().isDead()).isTrue();
            passTo(13);

            assertThat(reader().isLoading()).isTrue();
            assertThat(effects)
                    .containsExactly(
                            new Effect.OfReader.Kill(first(), SPEC), new Effect.OfReader.Start(second(), SPEC));
        }

        @Test
        void aReaderThatExitedIsRestartedAfterAPause() {
            live();
            on(new OfReader.Exited(first(), "ended by signal 9", List.of("last words")));

            assertThat(dead().reason()).isEqualTo(Reason.EXITED);
            assertThat(dead().message()).isEqualTo("reader det-1 ended by signal 9");
            assertThat(reader().facts().logTail()).containsExactly("last words");
            assertThat(table.deadline()).contains(seconds(1));
            passTo(1);
            assertThat(reader().isLoading()).isTrue();
            assertThat(reader().counts().restarts()).isEqualTo(1);
        }

        @Test
        void aReaderThatCannotLoadStaysDead() {
            on(new OfReader.Created(ID, SPEC));
            on(new OfReader.Failed(first(), new Problem.BadInput("model.onnx: no graph")));

            assertThat(dead().reason()).isEqualTo(Reason.LOAD_FAILED);
            assertThat(effects)
                    .contains(new Effect.OfReader.Lost(
                            first(), SPEC, Reason.LOAD_FAILED, new Problem.BadInput("model.onnx: no graph"), false));
            on(new OfReader.Exited(first(), "ended with exit code 1", List.of("why")));
            assertThat(dead().reason()).isEqualTo(Reason.LOAD_FAILED);
            assertThat(reader().facts().logTail()).containsExactly("why");
            assertThat(table.deadline()).isEmpty();
        }

        @Test
        void aReaderThatLoadsTooLongIsEndedAtTheLimitAndRestarted() {
            on(new OfReader.Created(ID, SPEC));
            on(new OfReader.Beat(first(), seconds(3000), 0));

            passTo(599.9);
            assertThat(reader().isLoading()).isTrue();
            passTo(600);

            assertThat(dead().reason()).isEqualTo(Reason.LOAD_TIMEOUT);
            assertThat(effects).contains(new Effect.OfReader.Kill(first(), SPEC));
            passTo(601);
            assertThat(reader().isLoading()).isTrue();
        }

        @Test
        void aReaderThatRunsOutOfMemoryIsRestartedOnce() {
            live();
            on(new OfReader.Failed(first(), new Problem.OutOfMemory("no room")));
            assertThat(dead().reason()).isEqualTo(Reason.OUT_OF_MEMORY);
            passTo(1);
            assertThat(reader().isLoading()).isTrue();

            on(new OfReader.Failed(second(), new Problem.OutOfMemory("no room")));
            assertThat(dead().reason()).isEqualTo(Reason.OUT_OF_MEMORY);
            assertThat(table.deadline()).isEmpty();
        }

        @Test
        void aReaderWhoseEngineIsGoneIsRestarted() {
            live();
            on(new OfReader.Failed(first(), new Problem.ReaderLost("session lost")));

            assertThat(dead().reason()).isEqualTo(Reason.ENGINE_FATAL);
            assertThat(effects).contains(new Effect.OfReader.Kill(first(), SPEC));
            passTo(1);
            assertThat(reader().isLoading()).isTrue();
        }

        @Test
        void aReaderThatAnOperatorKilledStaysDead() {
            live();
            on(new OfReader.Killed(ID));

            assertThat(dead().reason()).isEqualTo(Reason.KILLED);
            assertThat(effects).contains(new Effect.OfReader.Kill(first(), SPEC));
            assertThat(table.deadline()).isEmpty();
        }

        @Test
        void aFailedJobDoesNotChangeTheState() {
            live();
            on(new OfReader.Taken(first(), 1));
            on(new OfReader.Answered(first(), false));

            assertThat(reader().isLive()).isTrue();
            assertThat(reader().counts()).isEqualTo(new Reader.Counts(0, 0, 1));
            assertThat(reader().facts().work().inHand()).isZero();
        }

        @Test
        void pausesDoubleAndTheFifthDeathWithinTenMinutesIsTheLast() {
            on(new OfReader.Created(ID, SPEC));
            double time = 0;
            for (double pause : new double[] {1, 2, 4, 8}) {
                on(new OfReader.Exited(reader().incarnation(), "crashed", List.of()));
                assertThat(table.deadline()).contains(seconds(time + pause));
                time += pause;
                passTo(time);
                assertThat(reader().isLoading()).isTrue();
            }

            on(new OfReader.Exited(reader().incarnation(), "crashed", List.of()));

            assertThat(dead().reason()).isEqualTo(Reason.CRASH_LOOP);
            assertThat(table.deadline()).isEmpty();
            assertThat(reader().counts().restarts()).isEqualTo(4);
        }

        @Test
        void deathsFarApartAreNoLoopAndThePauseIsNeverAboveAMinute() {
            on(new OfReader.Created(ID, SPEC));
            double time = 0;
            for (int i = 0; i < 12; i++) {
                time += 300;
                now = at(time);
                on(new OfReader.Exited(reader().incarnation(), "crashed", List.of()));
                time += Math.min(60, Math.pow(2, i));
                assertThat(table.deadline()).contains(seconds(time));
                passTo(time);
            }

            assertThat(reader().isLoading()).isTrue();
        }

        @Test
        void aReaderThatHasLivedForTenMinutesStartsCountingAnew() {
            live();
            for (int i = 0; i < 4; i++) {
                on(new OfReader.Exited(reader().incarnation(), "crashed", List.of()));
                passTo(60.0 * (i + 1));
                liven(reader().incarnation());
            }
            now = at(240 + 600.0);

            on(new OfReader.Exited(reader().incarnation(), "crashed", List.of()));

            assertThat(dead().reason()).isEqualTo(Reason.EXITED);
            assertThat(table.deadline()).contains(now.elapsed().plusSeconds(1));
        }

        @Test
        void aPersonMayRestartAReaderThatStaysDead() {
            on(new OfReader.Created(ID, SPEC));
            for (int i = 0; i < 5; i++) {
                on(new OfReader.Exited(reader().incarnation(), "crashed", List.of()));
                passTo(60.0 * (i + 1));
            }
            assertThat(dead().reason()).isEqualTo(Reason.CRASH_LOOP);

            on(new OfReader.Restarted(ID));

            assertThat(reader().isLoading()).isTrue();
            assertThat(reader().incarnation().number()).isEqualTo(6);
            on(new OfReader.Exited(reader().incarnation(), "crashed", List.of()));
            assertThat(dead().reason()).isEqualTo(Reason.EXITED);
        }

        @Test
        void aSilentReaderThatExitsIsRestartedLikeOneThatExited() {
            live();
            lookAt(4);
            on(new OfReader.Exited(first(), "ended by signal 9", List.of()));

            assertThat(dead().reason()).isEqualTo(Reason.EXITED);
            assertThat(table.deadline()).contains(seconds(5));
        }

        @Test
        void whatADeadIncarnationSaysChangesNothing() {
            live();
            on(new OfReader.Exited(first(), "crashed", List.of()));
            passTo(1);
            ReaderTable before = table;

            on(new OfReader.Claimed(first(), 3));
            on(new OfReader.Answered(first(), true));
            on(loaded(first()));
            on(new OfReader.Exited(first(), "again", List.of()));
            on(new OfReader.Failed(first(), new Problem.Broken("late")));

            assertThat(table).isEqualTo(before);
        }
    }

    /** The timeline of 6.4: check interval 1 s, wait 3 s. */
    @Test
    void theTimelineOfThePage() {
        on(new OfReader.Created(ID, SPEC));
        assertThat(table.living()).containsOnlyKeys(ID);
        assertThat(reader().facts().beat()).isEmpty();

        now = at(0.2);
        on(new OfReader.Started(first(), List.of(4821L)));
        on(new OfReader.Beat(first(), seconds(3), 0));
        assertThat(reader().isLoading()).isTrue();
        assertThat(reader().facts().beat()).isPresent();

        now = at(3);
        on(new OfReader.Beat(first(), seconds(3), 0));
        now = at(4.1);
        on(loaded(first()));
        assertThat(reader().isLive()).isTrue();

        for (double beat = 5; beat <= 9; beat++) {
            lookAt(beat);
            on(new OfReader.Beat(first(), seconds(3), 0));
        }
        lookAt(12);
        assertThat(reader().isLive()).isTrue();
        lookAt(12.7);
        assertThat(table.dead()).containsOnlyKeys(ID);
        assertThat(reader().facts().pids()).containsExactly(4821L);
        assertThat(reader().facts().beat()).isPresent();

        passAndLookTo(20);
        on(new OfReader.Beat(first(), seconds(3), 0));
        assertThat(reader().isLive()).isTrue();

        for (double beat = 21; beat <= 25; beat++) {
            lookAt(beat);
            on(new OfReader.Beat(first(), seconds(3), 0));
        }
        on(new OfReader.Exited(first(), "ended by signal 9", List.of()));
        assertThat(table.dead()).containsOnlyKeys(ID);

        passTo(25.9);
        assertThat(reader().isDead()).isTrue();
        passTo(26);
        assertThat(table.living()).containsOnlyKeys(ID);
        assertThat(reader().facts().pids()).isEmpty();

        now = at(30);
        on(new OfReader.Started(second(), List.of(4900L)));
        liven(second());
        assertThat(reader().isLive()).isTrue();
        assertThat(reader().facts().pids()).containsExactly(4900L);

        now = at(31);
        on(new OfReader.Deleted(ID));
        assertThat(reader().isDraining()).isTrue(); // which is in none of the maps of /status
        on(new OfReader.Exited(second(), "ended with exit code 0", List.of()));
        assertThat(table.all()).isEmpty();
    }

    @Test
    void noMoreThan256DeadReadersAreListedAndTheOldestGoFirst() {
        for (int i = 0; i < 300; i++) {
            now = at(i);
            var id = new ReaderId("r-" + i);
            on(new OfReader.Created(id, SPEC));
            on(new OfReader.Failed(
                    new Incarnation(
                            id, table.find(id).orElseThrow().incarnation().number()),
                    new Problem.Broken("no")));
        }

        assertThat(table.dead()).hasSize(256);
        assertThat(table.forgottenDead()).isEqualTo(44);
        assertThat(table.find(new ReaderId("r-43"))).isEmpty();
        assertThat(table.find(new ReaderId("r-44"))).isPresent();
    }

    @Test
    void roomThatIsClaimedIsMadeKnownWhileTheReaderIsLive() {
        live();
        on(new OfReader.Claimed(first(), 2));
        assertThat(effects).containsExactly(new Effect.OfReader.Room(first(), SPEC, 2));

        on(new OfReader.Taken(first(), 1));
        assertThat(reader().facts().work().room()).isEqualTo(1);
        assertThat(reader().facts().work().inHand()).isEqualTo(1);
    }

    // ---- steps

    private void live() {
        on(new OfReader.Created(ID, SPEC));
        liven(first());
    }

    private void liven(Incarnation incarnation) {
        on(new OfReader.Beat(incarnation, seconds(3), 0));
        on(loaded(incarnation));
    }

    private static OfReader.Loaded loaded(Incarnation incarnation) {
        return new OfReader.Loaded(incarnation, "cuda:0", "detr", Duration.ofMillis(40), 1 << 20);
    }

    private void on(OfReader event) {
        take(table.on(event, now));
    }

    private void passTo(double seconds) {
        now = at(seconds);
        take(table.passed(now));
    }

    private void lookAt(double seconds) {
        look(at(seconds));
    }

    private void passAndLookTo(double seconds) {
        passTo(seconds);
        lookAt(seconds);
    }

    private void look(Moment moment) {
        now = moment;
        take(table.look(now));
    }

    private void take(ReaderTable.Step step) {
        table = step.table();
        effects = step.effects();
    }

    private Reader reader() {
        return table.find(ID).orElseThrow();
    }

    private Phase.Dead dead() {
        return (Phase.Dead) reader().phase();
    }

    private static Incarnation first() {
        return new Incarnation(ID, 1);
    }

    private static Incarnation second() {
        return new Incarnation(ID, 2);
    }

    private static Moment at(double seconds) {
        return new Moment(seconds(seconds), Instant.EPOCH.plus(seconds(seconds)));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
