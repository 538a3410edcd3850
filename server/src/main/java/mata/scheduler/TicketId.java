package mata.scheduler;

/** Counts from 1 in the order of arrival, over all listeners. */
public record TicketId(long number) implements Comparable<TicketId> {
    @Override
    public int compareTo(TicketId other) {
        return Long.compare(number, other.number);
    }
}
