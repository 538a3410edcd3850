package mata.scheduler;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import mata.fleet.Readers;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.Wire;
import mata.result.Answer;

/** A ticket of {@link FifoScheduler}, whose lock guards what changes here. */
final class QueuedTicket implements Ticket {

    final TicketId id;
    final Job job;
    final String params;
    final Duration submitted;
    final Duration deadline;

    private final FifoScheduler scheduler;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final AtomicBoolean paired = new AtomicBoolean();
    private volatile boolean answered;

    /** Open from the start to the one decision that closes it. */
    boolean open = true;

    /** The reader that has it; empty while it waits. */
    Optional<Seat> seat = Optional.empty();

    /** How often it has been given to a reader. */
    int deliveries;

    QueuedTicket(TicketId id, Job job, Duration submitted, FifoScheduler scheduler) {
        this.id = id;
        this.job = job;
        this.params = Wire.json(job.params());
        this.submitted = submitted;
        this.deadline = submitted.plus(job.limit());
        this.scheduler = scheduler;
    }

    @Override
    public TicketId id() {
        return id;
    }

    @Override
    public Answer await() throws InterruptedException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            cancel();
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Rejected rejected) {
                throw new Rejected(rejected.problem(), rejected);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void cancel() {
        scheduler.cancel(this);
    }

    @Override
    public boolean isDone() {
        return answer.isDone();
    }

    /** Called once, by whoever has closed the ticket. The model is released first: who has the answer finds it idle. */
    void complete(Answer what, Readers readers) {
        answered = true;
        pairHoldWithRelease(readers);
        answer.complete(what);
    }

    /** Called once, by whoever has closed the ticket. */
    void fail(Problem problem, Readers readers) {
        pairHoldWithRelease(readers);
        answer.completeExceptionally(new Rejected(problem));
    }

    /**
     * Called when its hold on the model has been taken, and when it has been closed: whichever is later releases it. An answer
     * may come before the hold has been noted.
     */
    void pairHoldWithRelease(Readers readers) {
        if (!paired.compareAndSet(false, true)) {
            readers.release(job.model(), job.keepAliveSeconds(), answered);
        }
    }
}
