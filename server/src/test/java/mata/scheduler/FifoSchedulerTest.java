package mata.scheduler;

import static mata.scheduler.ScriptedReaders.answer;
import static mata.scheduler.ScriptedReaders.reader;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import mata.fleet.Incarnation;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Answer;
import mata.result.Timings;
import mata.task.ModelRef;
import mata.task.Task;
import mata.testing.StoppedTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FifoSchedulerTest {

    private static final ModelRef MODEL = new ModelRef("acme/detector");
    private static final ModelRef OTHER = new ModelRef("acme/depth");
    private static final Incarnation R1 = reader("r-1");
    private static final Incarnation R2 = reader("r-2");

    private final StoppedTime time = new StoppedTime();
    private final ScriptedReaders readers = new ScriptedReaders();
    private final FifoScheduler scheduler = new FifoScheduler(readers, time, 4);

    @BeforeEach
    void start() {
        scheduler.start();
    }

    @Test
    void aReaderIsGivenNoMoreThanItHasClaimed() {
        submit(MODEL);
        submit(MODEL);
        submit(MODEL);

        readers.listener().opened(R1, MODEL, 1);
        assertThat(readers.ticketsGivenTo(R1)).containsExactly(1L);

        readers.listener().room(R1, 2);
        assertThat(readers.ticketsGivenTo(R1)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aReaderTakesTheOldestTicketItCanServe() {
        submit(OTHER);
        submit(MODEL);
        submit(OTHER);

        readers.listener().opened(R1, MODEL, 5);
        readers.listener().opened(R2, OTHER, 1);

        assertThat(readers.ticketsGivenTo(R1)).containsExactly(2L);
        assertThat(readers.ticketsGivenTo(R2)).containsExactly(1L);
    }

    @Test
    void amongReadersWithRoomTheOneWithTheLeastInHandIsGivenTheJob() {
        readers.listener().opened(R1, MODEL, 3);
        readers.listener().opened(R2, MODEL, 3);

        submit(MODEL);
        submit(MODEL);
        submit(MODEL);
        readers.answer(R1, 1);
        readers.answer(R1, 3);
        submit(MODEL);

        assertThat(readers.ticketsGivenTo(R1)).containsExactly(1L, 3L, 4L);
        assertThat(readers.ticketsGivenTo(R2)).containsExactly(2L);
    }

    @Test
    void theAnswerReachesWhoeverWaitsForIt() throws Exception {
        readers.listener().opened(R1, MODEL, 1);
        Ticket ticket = submit(MODEL);
        assertThat(ticket.isDone()).isFalse();

        readers.answer(R1, 1);

        assertThat(ticket.isDone()).isTrue();
        assertThat(ticket.await().result()).isEqualTo(answer("ticket 1").result());
    }

    @Test
    void aProblemReachesWhoeverWaitsForAnAnswer() {
        readers.listener().opened(R1, MODEL, 1);
        Ticket ticket = submit(MODEL);

        readers.listener().failed(R1, 1, new Problem.BadInput("not a picture"));

        assertThat(problem(ticket)).isEqualTo(new Problem.BadInput("not a picture"));
    }

    @Test
    void allTimeIsAccountedFor() throws Exception {
        Ticket ticket = submit(MODEL);
        time.advance(Duration.ofMillis(300));
        readers.listener().opened(R1, MODEL, 0);
        time.advance(Duration.ofMillis(50));
        readers.listener().room(R1, 1);
        time.advance(Duration.ofMillis(20));

        readers.answer(R1, 1);

        assertThat(ticket.await().timings()).isEqualTo(new Timings(50 + 20 - 10, 300, 1, 2, 3, 4));
    }

    @Test
    void aJobIsSentWithTheTimeItHasLeft() {
        submit(MODEL);
        time.advance(Duration.ofSeconds(20));

        readers.listener().opened(R1, MODEL, 1);

        assertThat(readers.given).extracting(ScriptedReaders.Given::budgetMs).containsExactly(40_000L);
    }

    @Test
    void whoWouldHaveToWaitBehindTooManyIsRefusedAndNothingIsQueued() {
        submit(MODEL, 4);

        assertThatThrownBy(() -> submit(MODEL)).isInstanceOfSatisfying(Rejected.class, refused -> {
            assertThat(refused.problem())
                    .isInstanceOfSatisfying(
                            Problem.Busy.class,
                            busy -> assertThat(busy.retryAfter()).isPositive());
        });
        assertThat(scheduler.view().waiting()).hasSize(4);
        assertThat(readers.holds).containsEntry(MODEL, 4);
    }

    @Test
    void whoNeedNotWaitIsNotRefusedForOthersWhoDo() {
        readers.listener().opened(R1, OTHER, 1);
        submit(MODEL, 4);

        submit(OTHER);

        assertThat(readers.ticketsGivenTo(R1)).containsExactly(5L);
    }

    @Test
    void aTicketThatHasLeftTheQueueMakesPlace() {
        submit(MODEL, 3);
        Ticket last = submit(MODEL);

        last.cancel();

        assertThat(submit(MODEL).id()).isEqualTo(new TicketId(5));
    }

    @Test
    void aWaitingJobThatIsCancelledNeverRuns() {
        Ticket ticket = submit(MODEL);

        ticket.cancel();
        readers.listener().opened(R1, MODEL, 1);

        assertThat(readers.given).isEmpty();
        assertThat(problem(ticket)).isInstanceOf(Problem.Cancelled.class);
    }

    @Test
    void aJobThatAReaderHasIsRevokedWhenItIsCancelledAndItsAnswerIsNobodys() {
        readers.listener().opened(R1, MODEL, 1);
        Ticket ticket = submit(MODEL);

        ticket.cancel();
        ticket.cancel();
        readers.answer(R1, 1);

        assertThat(readers.revoked).containsExactly(new ScriptedReaders.Revoked(R1, 1));
        assertThat(problem(ticket)).isInstanceOf(Problem.Cancelled.class);
        assertThat(readers.holds).containsEntry(MODEL, 0);
    }

    @Test
    void cancellingWhatIsAnsweredChangesNothing() throws Exception {
        readers.listener().opened(R1, MODEL, 1);
        Ticket ticket = submit(MODEL);
        readers.answer(R1, 1);

        ticket.cancel();

        assertThat(ticket.await().result()).isEqualTo(answer("ticket 1").result());
        assertThat(readers.revoked).isEmpty();
    }

    @Test
    void anInterruptOfWhoWaitsCancels() throws Exception {
        Ticket ticket = submit(MODEL);
        var waiting = new CountDownLatch(1);
        var seen = new CompletableFuture<Throwable>();
        Thread caller = Thread.ofVirtual().start(() -> {
            waiting.countDown();
            try {
                ticket.await();
            } catch (InterruptedException e) {
                seen.complete(e);
            }
        });
        waiting.await();

        caller.interrupt();

        assertThat(seen.get()).isInstanceOf(InterruptedException.class);
        assertThat(problem(ticket)).isInstanceOf(Problem.Cancelled.class);
    }

    @Test
    void whoWaitsTooLongIsToldSoAndHisJobNeverRuns() {
        Ticket ticket = submit(MODEL);

        time.advance(Duration.ofSeconds(60).minusMillis(1));
        assertThat(ticket.isDone()).isFalse();
        time.advance(Duration.ofMillis(1));

        assertThat(problem(ticket)).isEqualTo(new Problem.DeadlinePassed("no answer within 60.0 s"));
        readers.listener().opened(R1, MODEL, 1);
        assertThat(readers.given).isEmpty();
    }

    @Test
    void aJobThatRunsTooLongIsRevoked() {
        readers.listener().opened(R1, MODEL, 1);
        Ticket ticket = submit(MODEL);

        time.advance(Duration.ofSeconds(60));

        assertThat(problem(ticket)).isInstanceOf(Problem.DeadlinePassed.class);
        assertThat(readers.revoked).containsExactly(new ScriptedReaders.Revoked(R1, 1));
    }

    @Test
    void eachTicketHasItsOwnDeadline() {
        Ticket patient = submit(MODEL, Duration.ofSeconds(60));
        time.advance(Duration.ofSeconds(1));
        Ticket hasty = submit(MODEL, Duration.ofSeconds(2));

        time.advance(Duration.ofSeconds(2));
        assertThat(hasty.isDone()).isTrue();
        assertThat(patient.isDone()).isFalse();

        time.advance(Duration.ofSeconds(57));
        assertThat(patient.isDone()).isTrue();
    }

    @Test
    void theJobsOfAReaderThatDiesGoBackToTheirPlaces() {
        readers.listener().opened(R1, MODEL, 2);
        submit(MODEL, 3);

        readers.die(R1, "reader r-1 ended by signal 9");
        assertThat(scheduler.view().waiting())
                .extracting(waiting -> waiting.id().number())
                .containsExactly(1L, 2L, 3L);

        readers.listener().opened(R2, MODEL, 3);
        assertThat(readers.ticketsGivenTo(R2)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void whereTwoReadersDieTheOldestIsStillFirst() {
        readers.listener().opened(R1, MODEL, 2);
        readers.listener().opened(R2, MODEL, 2);
        submit(MODEL, 4);

        readers.die(R1, "gone");
        readers.die(R2, "gone");

        assertThat(scheduler.view().waiting())
                .extracting(waiting -> waiting.id().number())
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void aJobWhoseReadersDieTwiceIsGivenUpAndSaysWhichAndWhy() {
        readers.listener().opened(R1, MODEL, 1);
        Ticket ticket = submit(MODEL);
        readers.die(R1, "reader r-1 ended by signal 11");
        assertThat(ticket.isDone()).isFalse();

        readers.listener().opened(R2, MODEL, 1);
        readers.die(R2, "reader r-2 ended by signal 11");

        assertThat(problem(ticket)).isEqualTo(new Problem.ReaderLost("reader r-2 ended by signal 11"));
        assertThat(readers.given).hasSize(2);
    }

    @Test
    void anAnswerOfAReaderThatDiedIsNobodys() throws Exception {
        readers.listener().opened(R1, MODEL, 1);
        Ticket ticket = submit(MODEL);
        readers.die(R1, "gave no sign of life");
        readers.listener().opened(R2, MODEL, 1);

        readers.listener().answered(R1, 1, answer("too late"));
        assertThat(ticket.isDone()).isFalse();

        readers.answer(R2, 1);
        assertThat(ticket.await().result()).isEqualTo(answer("ticket 1").result());
        assertThat(readers.revoked).containsExactly(new ScriptedReaders.Revoked(R1, 1));
    }

    @Test
    void aReaderThatDrainsTakesNoMoreAndItsAnswersCount() throws Exception {
        readers.listener().opened(R1, MODEL, 1);
        Ticket first = submit(MODEL);
        readers.listener().closed(R1);
        readers.listener().room(R1, 1);
        Ticket second = submit(MODEL);

        readers.answer(R1, 1);

        assertThat(first.await().result()).isEqualTo(answer("ticket 1").result());
        assertThat(second.isDone()).isFalse();
        assertThat(readers.ticketsGivenTo(R1)).containsExactly(1L);
    }

    @Test
    void whoWaitsForAModelThatCannotBeUsedIsToldWhy() {
        Ticket ticket = submit(MODEL);
        Ticket other = submit(OTHER);

        readers.listener().unservable(MODEL, new Problem.OutOfMemory("no memory"));

        assertThat(problem(ticket)).isEqualTo(new Problem.OutOfMemory("no memory"));
        assertThat(other.isDone()).isFalse();
    }

    @Test
    void whatRunsElsewhereIsNotFailedByAModelThatCannotBeLoadedAgain() {
        readers.listener().opened(R1, MODEL, 1);
        submit(MODEL, 2);

        readers.listener().unservable(MODEL, new Problem.OutOfMemory("no memory"));

        assertThat(scheduler.view().running()).hasSize(1);
        assertThat(scheduler.view().waiting()).hasSize(1);
    }

    @Test
    void aModelIsHeldWhileThereIsWorkForItAndReleasedAsItWasAsked() {
        readers.listener().opened(R1, MODEL, 2);
        scheduler.submit(job(MODEL, Duration.ofSeconds(60), OptionalInt.of(7)));
        scheduler.submit(job(MODEL, Duration.ofSeconds(60), OptionalInt.empty()));
        assertThat(readers.holds).containsEntry(MODEL, 2);

        readers.answer(R1, 1);
        readers.listener().failed(R1, 2, new Problem.Broken("NaN"));

        assertThat(readers.holds).containsEntry(MODEL, 0);
        assertThat(readers.released)
                .containsExactly(
                        new ScriptedReaders.Released(MODEL, OptionalInt.of(7), true),
                        new ScriptedReaders.Released(MODEL, OptionalInt.empty(), false));
    }

    @Test
    void theViewShowsWhoWaitsAndWhoRuns() {
        readers.listener().opened(R1, MODEL, 1);
        submit(MODEL);
        time.advance(Duration.ofSeconds(2));
        submit(OTHER);
        time.advance(Duration.ofSeconds(3));

        assertThat(scheduler.view())
                .isEqualTo(new QueueView(
                        List.of(new QueueView.Waiting(new TicketId(2), OTHER, Duration.ofSeconds(3))),
                        List.of(new QueueView.Running(new TicketId(1), MODEL, Duration.ofSeconds(5), R1)),
                        4));
    }

    @Test
    void whoeverWaitsWhenTheServerShutsDownIsToldSo() {
        Ticket ticket = submit(MODEL);

        scheduler.close();

        assertThat(problem(ticket)).isInstanceOf(Problem.Busy.class);
        assertThatThrownBy(() -> submit(MODEL)).isInstanceOf(Rejected.class);
    }

    // ---- steps

    private Ticket submit(ModelRef model) {
        return submit(model, Duration.ofSeconds(60));
    }

    private void submit(ModelRef model, int count) {
        for (int i = 0; i < count; i++) {
            submit(model);
        }
    }

    private Ticket submit(ModelRef model, Duration limit) {
        return scheduler.submit(job(model, limit, OptionalInt.empty()));
    }

    private static Job job(ModelRef model, Duration limit, OptionalInt keepAlive) {
        return new Job(model, Task.DETECT, new byte[] {1}, Params.NONE, limit, keepAlive);
    }

    private static Problem problem(Ticket ticket) {
        assertThat(ticket.isDone()).isTrue();
        try {
            Answer answer = ticket.await();
            throw new AssertionError("answered: " + answer);
        } catch (Rejected e) {
            return e.problem();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
