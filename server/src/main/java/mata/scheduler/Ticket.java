package mata.scheduler;

import mata.result.Answer;

/** A place in the queue, and the answer that comes of it: exactly one, whatever happens. */
public interface Ticket {

    TicketId id();

    /**
     * Waits for the answer. An interrupt cancels the job.
     *
     * @throws mata.problem.Rejected when the answer is a problem: bad picture, deadline, reader lost twice …
     */
    Answer await() throws InterruptedException;

    /** The caller has gone: a waiting job is dropped and never runs; a running one is abandoned. Idempotent. */
    void cancel();

    boolean isDone();
}
