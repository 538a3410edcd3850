package mata.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The machine's clocks. One thread rings all alarms; setting and cancelling one costs the logarithm of their number. */
public final class SystemTime implements Time, AutoCloseable {

    private final long origin = System.nanoTime();
    private final ScheduledThreadPoolExecutor bells;

    public SystemTime() {
        bells = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("alarms").factory());
        bells.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - origin);
    }

    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public Alarm at(Duration moment, Runnable action) {
        Future<?> bell = bells.schedule(action, moment.minus(elapsed()).toNanos(), TimeUnit.NANOSECONDS);
        return () -> bell.cancel(false);
    }

    /** No alarm rings afterwards. */
    @Override
    public void close() {
        bells.shutdownNow();
    }
}
