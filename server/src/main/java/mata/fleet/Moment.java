package mata.fleet;

import java.time.Duration;
import java.time.Instant;

/**
 * When something happened.
 *
 * @param elapsed on the clock that never jumps: verdicts rest on it
 * @param wall for printing only (readers-status H8)
 */
record Moment(Duration elapsed, Instant wall) {

    Duration plus(Duration later) {
        return elapsed.plus(later);
    }

    boolean isAtOrAfter(Duration deadline) {
        return elapsed.compareTo(deadline) >= 0;
    }
}
