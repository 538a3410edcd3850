package mata.scheduler;

import java.time.Duration;
import java.util.List;
import mata.fleet.Incarnation;
import mata.task.ModelRef;

/**
 * The queue at one moment.
 *
 * @param waiting oldest first: the first has position 1
 * @param running given to readers, oldest first
 * @param capacity how many may wait
 */
public record QueueView(List<Waiting> waiting, List<Running> running, int capacity) {

    public QueueView {
        waiting = List.copyOf(waiting);
        running = List.copyOf(running);
    }

    /** @param age since it was submitted */
    public record Waiting(TicketId id, ModelRef model, Duration age) {}

    /** @param age since it was submitted */
    public record Running(TicketId id, ModelRef model, Duration age, Incarnation reader) {}
}
