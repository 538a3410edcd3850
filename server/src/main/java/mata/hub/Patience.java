package mata.hub;

import java.time.Duration;
import java.util.Optional;

/**
 * How often something that failed is tried again: five times in a row, each time after a longer pause, or after the one the hub
 * asks for. Whatever gets on gives new patience.
 */
final class Patience {

    /** Nobody waits longer than this for one answer; the hub's windows are five minutes long. */
    static final Duration LONGEST = Duration.ofMinutes(6);

    private static final int TRIES = 5;

    private final Pause pause;
    private int failures;

    Patience(Pause pause) {
        this.pause = pause;
    }

    void gotOn() {
        failures = 0;
    }

    /** @return whether it is worth trying again; the pause before that has been taken then */
    boolean endures(Optional<Duration> wished) throws InterruptedException {
        failures++;
        if (failures >= TRIES
                || wished.filter(wait -> wait.compareTo(LONGEST) > 0).isPresent()) {
            return false;
        }
        pause.take(wished.orElseGet(() -> Duration.ofMillis(250L << failures)));
        return true;
    }
}
