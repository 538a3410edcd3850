package mata.scheduler;

import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import mata.fleet.Incarnation;
import mata.task.ModelRef;

/** A live reader as the scheduler sees it. Guarded by the scheduler's lock. */
final class Seat {

    final Incarnation reader;
    final ModelRef model;

    /** When it was ready to work: who came before has waited for loading until then. */
    final Duration opened;

    final SortedMap<TicketId, QueuedTicket> inHand = new TreeMap<>();

    /** Jobs it has asked for and not been given. */
    int room;

    boolean closed;

    Seat(Incarnation reader, ModelRef model, Duration opened, int room) {
        this.reader = reader;
        this.model = model;
        this.opened = opened;
        this.room = room;
    }

    boolean isFree() {
        return room > 0 && !closed;
    }
}
