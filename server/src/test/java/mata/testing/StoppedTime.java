package mata.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import mata.time.Time;

/** Stands still until a test moves it; rings what falls due on the way, in order, on the thread that moves it. */
public final class StoppedTime implements Time {

    private record Bell(Duration moment, long number, Runnable action) {}

    private final PriorityQueue<Bell> bells =
            new PriorityQueue<>(Comparator.comparing(Bell::moment).thenComparingLong(Bell::number));
    private Duration elapsed = Duration.ZERO;
    private Duration wallAhead = Duration.ZERO;
    private long numbers;

    @Override
    public synchronized Duration elapsed() {
        return elapsed;
    }

    @Override
    public synchronized Instant wall() {
        return Instant.EPOCH.plus(elapsed).plus(wallAhead);
    }

    @Override
    public synchronized Alarm at(Duration moment, Runnable action) {
        var bell = new Bell(moment, numbers++, action);
        bells.add(bell);
        return () -> {
            synchronized (this) {
                bells.remove(bell);
            }
        };
    }

    public void advance(Duration by) {
        advanceTo(elapsed().plus(by));
    }

    public void advanceTo(Duration moment) {
        for (Bell bell = due(moment); bell != null; bell = due(moment)) {
            bell.action().run();
        }
        synchronized (this) {
            elapsed = moment;
        }
    }

    /** The clock on the wall is set, as by a time server; the other one does not notice. */
    public synchronized void jumpWall(Duration by) {
        wallAhead = wallAhead.plus(by);
    }

    private synchronized @org.jspecify.annotations.Nullable Bell due(Duration moment) {
        Bell next = bells.peek();
        if (next == null || next.moment().compareTo(moment) > 0) {
            return null;
        }
        bells.remove();
        elapsed = next.moment().compareTo(elapsed) > 0 ? next.moment() : elapsed;
        return next;
    }
}
