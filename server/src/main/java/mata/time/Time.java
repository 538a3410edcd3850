package mata.time;

import java.time.Duration;
import java.time.Instant;

/** What time it is, and a bell at a later one. Whatever measures or waits is given this, so that tests need not sleep. */
public interface Time {

    /** Time since an origin of its own, on a clock that never jumps. Verdicts rest on this one. */
    Duration elapsed();

    /** The clock on the wall, which may jump: for printing only. */
    Instant wall();

    /** Calls {@code action} once, when {@link #elapsed} has reached {@code moment}. The action must be quick and not throw. */
    Alarm at(Duration moment, Runnable action);

    /** A bell that has been set. */
    interface Alarm {
        /** The bell will not ring, unless it is ringing already. */
        void cancel();
    }
}
