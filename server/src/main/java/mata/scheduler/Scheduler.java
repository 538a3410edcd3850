package mata.scheduler;

/** Decides which job runs next, on which reader. Callers never see a reader. */
public interface Scheduler {

    /** @throws mata.problem.Rejected with {@code Busy} when the queue is full; nothing is queued then */
    Ticket submit(Job job);
}
