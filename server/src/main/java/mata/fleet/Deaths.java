package mata.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a reader has died since it was last well, which decides when, and whether, it is started again (readers-status
 * 6.3): 1, 2, 4 … 60 s between attempts, and none after 5 deaths within 10 minutes.
 *
 * @param times on the clock that never jumps
 * @param memorySpent the one restart after running out of memory has been used
 */
record Deaths(List<Duration> times, boolean memorySpent) {

    static final Deaths NONE = new Deaths(List.of(), false);

    /** Deaths count together within this time; and a reader that has lived so long is well again. */
    static final Duration WINDOW = Duration.ofMinutes(10);

    private static final int LOOP = 5;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    Deaths {
        times = List.copyOf(times);
    }

    Deaths plus(Duration time) {
        List<Duration> longer = new ArrayList<>(times);
        longer.add(time);
        return new Deaths(longer.size() > 2 * LOOP ? longer.subList(1, longer.size()) : longer, memorySpent);
    }

    Deaths spendMemory() {
        return new Deaths(times, true);
    }

    boolean isLoop(Duration now) {
        return times.stream()
                        .filter(time -> time.plus(WINDOW).compareTo(now) > 0)
                        .count()
                >= LOOP;
    }

    /** Before the attempt that follows the last of these deaths. */
    Duration pause() {
        Duration doubled = Duration.ofSeconds(1L << (times.size() - 1));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }
}
