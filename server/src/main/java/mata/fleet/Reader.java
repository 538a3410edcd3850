package mata.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One row of the table of readers.
 *
 * @param since when it entered its phase
 * @param facts what this incarnation has told; a restart forgets them
 * @param counts over all incarnations
 */
record Reader(
        Incarnation incarnation,
        ReaderSpec spec,
        Phase phase,
        Moment since,
        Facts facts,
        Counts counts,
        Deaths deaths) {

    /** @param promise how long it may stay silent after this */
    record Beat(Moment at, Duration promise) {
        boolean isBroken(Duration now) {
            return now.minus(at.elapsed()).compareTo(promise) > 0;
        }
    }

    /**
     * @param device where it landed; until it is loaded, what was asked for
     * @param family what its files turned out to be; empty until it is loaded
     */
    record Landing(String device, String family, Duration loadTime) {}

    /**
     * @param room jobs it has claimed and not been given
     * @param inHand jobs it was given and has not answered
     */
    record Work(int room, int inHand) {

        /** Answers to jobs that were taken from it meanwhile may come too: they were no longer in hand. */
        Work answered() {
            return new Work(room, Math.max(0, inHand - 1));
        }
    }

    /** @param logTail the last lines it wrote, once it has ended */
    record Facts(
            List<Long> pids,
            Optional<Beat> beat,
            long residentBytes,
            Landing landing,
            Work work,
            List<String> logTail) {

        static Facts none(String device) {
            return new Facts(
                    List.of(), Optional.empty(), 0, new Landing(device, "", Duration.ZERO), new Work(0, 0), List.of());
        }

        Facts withPids(List<Long> others) {
            return new Facts(List.copyOf(others), beat, residentBytes, landing, work, logTail);
        }

        Facts withBeat(Beat newest, long bytes) {
            return new Facts(pids, Optional.of(newest), bytes, landing, work, logTail);
        }

        Facts withLanding(Landing other, long bytes) {
            return new Facts(pids, beat, bytes, other, work, logTail);
        }

        Facts with(Work other) {
            return new Facts(pids, beat, residentBytes, landing, other, logTail);
        }

        Facts withLogTail(List<String> lines) {
            return new Facts(pids, beat, residentBytes, landing, work, List.copyOf(lines));
        }
    }

    record Counts(int restarts, long served, long failed) {

        static final Counts NONE = new Counts(0, 0, 0);

        Counts withAnswer(boolean good) {
            return good ? new Counts(restarts, served + 1, failed) : new Counts(restarts, served, failed + 1);
        }

        Counts withRestart() {
            return new Counts(restarts + 1, served, failed);
        }
    }

    static Reader start(Incarnation incarnation, ReaderSpec spec, Moment now) {
        return new Reader(
                incarnation,
                spec,
                new Phase.Loading(now.plus(spec.loadTimeout()), false),
                now,
                Facts.none(spec.device()),
                Counts.NONE,
                Deaths.NONE);
    }

    Reader restart(Moment now) {
        return new Reader(
                incarnation.next(),
                spec,
                new Phase.Loading(now.plus(spec.loadTimeout()), false),
                now,
                Facts.none(spec.device()),
                counts.withRestart(),
                deaths);
    }

    ReaderId id() {
        return incarnation.reader();
    }

    boolean isDead() {
        return phase instanceof Phase.Dead;
    }

    boolean isLive() {
        return phase instanceof Phase.Live;
    }

    boolean isLoading() {
        return phase instanceof Phase.Loading;
    }

    boolean isDraining() {
        return phase instanceof Phase.Draining;
    }

    /** Whether it has broken its promise (readers-status H5: greater, not equal). Before its first sign of life it has given none. */
    boolean isSilent(Duration now) {
        return facts.beat().filter(beat -> beat.isBroken(now)).isPresent();
    }

    Reader with(Phase other, Moment now) {
        return new Reader(incarnation, spec, other, now, facts, counts, deaths);
    }

    Reader with(Facts other) {
        return new Reader(incarnation, spec, phase, since, other, counts, deaths);
    }

    Reader with(Counts other) {
        return new Reader(incarnation, spec, phase, since, facts, other, deaths);
    }

    Reader with(Deaths other) {
        return new Reader(incarnation, spec, phase, since, facts, counts, other);
    }

    /** When the table has to act by itself, unless something happens before. */
    Optional<Duration> deadline() {
        return switch (phase) {
            case Phase.Loading(var until, var _) -> Optional.of(until);
            case Phase.Dead(var _, var _, var restartAt, var _) -> restartAt;
            case Phase.Draining(var until) -> until;
            case Phase.Live() -> Optional.empty();
        };
    }
}
