package mata.scheduler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Who waits for one model, and who could serve them. Guarded by the scheduler's lock. */
final class Lane {

    /** Oldest first; one that comes back takes its old place. */
    final TreeMap<TicketId, QueuedTicket> waiting = new TreeMap<>();

    final List<Seat> seats = new ArrayList<>();

    /** The one with the least in hand among those with room. */
    Optional<Seat> freeSeat() {
        return seats.stream().filter(Seat::isFree).min(Comparator.comparingInt(seat -> seat.inHand.size()));
    }

    boolean isServed() {
        return seats.stream().anyMatch(seat -> !seat.closed);
    }

    boolean isEmpty() {
        return waiting.isEmpty() && seats.isEmpty();
    }
}
