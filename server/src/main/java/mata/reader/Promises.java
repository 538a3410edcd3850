package mata.reader;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How long a reader may promise to stay silent: its usual wait, or longer where a call under way has been given more time
 * (readers-status H1 to H4). A reader with a call that has outlived its time makes no promise any more, so that a hang
 * of one thread shows although others still turn. Times are those of one clock that never jumps.
 */
final class Promises {

    private final Duration usual;
    private final Map<Long, Duration> callsUntil = new HashMap<>();
    private Duration promisedUntil = Duration.ZERO;
    private Duration nextBeat = Duration.ZERO;

    Promises(Duration usual) {
        this.usual = usual;
    }

    /** A call may take until {@code deadline}, and in any case the usual wait. */
    void begin(long call, Duration deadline, Duration now) {
        Duration least = now.plus(usual);
        callsUntil.put(call, deadline.compareTo(least) > 0 ? deadline : least);
    }

    void end(long call) {
        callsUntil.remove(call);
    }

    /** Whether the promise in force covers every call under way. */
    boolean areKept() {
        return callsUntil.values().stream().noneMatch(until -> until.compareTo(promisedUntil) > 0);
    }

    /** When the next sign of life is due while nothing else happens: four a wait, so that one may be late. */
    Duration nextBeat() {
        return nextBeat;
    }

    /** @return the promise to send now, in seconds; empty when the reader has no right to one */
    OptionalInt beat(Duration now) {
        nextBeat = now.plus(usual.dividedBy(4));
        Duration needed = now.plus(usual);
        for (Duration until : callsUntil.values()) {
            if (until.compareTo(now) < 0) {
                return OptionalInt.empty();
            }
            needed = until.compareTo(needed) > 0 ? until : needed;
        }
        int seconds = Math.toIntExact(needed.minus(now).plusNanos(999_999_999).toSeconds());
        promisedUntil = now.plusSeconds(seconds);
        return OptionalInt.of(seconds);
    }
}
