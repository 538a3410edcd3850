package mata.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import mata.problem.Problem;
import mata.task.ModelRef;

/**
 * What the fleet knows of one model (vision-api section 3).
 *
 * @param holds jobs accepted and not yet answered
 * @param reader the one that was started for it, in whatever phase that is
 * @param needBytes what it takes in memory: guessed from its files, then seen
 * @param failure why it could not be loaded last, if it has not been loaded since
 */
record Model(
        ModelRef ref,
        int holds,
        Stage stage,
        Optional<ReaderId> reader,
        long needBytes,
        Use use,
        Optional<Failure> failure) {

    /** How far a model without a reader is on its way to one. */
    enum Stage {
        /** Not on its way, or arrived. */
        SETTLED,
        /** Its files are being found and the memory is being looked at. */
        MEASURING,
        /** Others are leaving to make room; then it is measured again. */
        AWAITING_ROOM
    }

    record Failure(Problem problem, Duration at, boolean forGood) {}

    /** @param at on the clock that never jumps */
    record Expiry(Duration at, Instant wall) {}

    /**
     * @param used whether it has answered since it was loaded
     * @param idleSince when its last job ended, or when it was loaded
     * @param expiry when it is unloaded if nobody uses it before
     * @param lastEnd why it left memory last
     * @param evicted it left to make room for another, and has not been back
     */
    record Use(
            int loads,
            Optional<Instant> loadedAt,
            Optional<Instant> lastUsed,
            boolean used,
            Duration idleSince,
            Optional<Expiry> expiry,
            Optional<String> lastEnd,
            boolean evicted) {

        static final Use NONE = new Use(
                0, Optional.empty(), Optional.empty(), false, Duration.ZERO, Optional.empty(), Optional.empty(), false);

        Use loaded(Moment now) {
            return new Use(loads + 1, Optional.of(now.wall()), lastUsed, used, now.elapsed(), expiry, lastEnd, false);
        }

        Use held() {
            return with(Optional.empty());
        }

        Use released(boolean answered, Moment now) {
            return new Use(
                    loads,
                    loadedAt,
                    answered ? Optional.of(now.wall()) : lastUsed,
                    used || answered,
                    now.elapsed(),
                    expiry,
                    lastEnd,
                    evicted);
        }

        Use with(Optional<Expiry> other) {
            return new Use(loads, loadedAt, lastUsed, used, idleSince, other, lastEnd, evicted);
        }

        Use ended(String why, boolean toMakeRoom) {
            return new Use(loads, loadedAt, lastUsed, used, idleSince, expiry, Optional.of(why), toMakeRoom);
        }

        Use gone() {
            return new Use(loads, loadedAt, lastUsed, false, idleSince, Optional.empty(), lastEnd, evicted);
        }
    }

    static Model unknown(ModelRef ref) {
        return new Model(ref, 0, Stage.SETTLED, Optional.empty(), 0, Use.NONE, Optional.empty());
    }

    Model withHolds(int other) {
        return new Model(ref, other, stage, reader, needBytes, use, failure);
    }

    Model with(Stage other) {
        return new Model(ref, holds, other, reader, needBytes, use, failure);
    }

    Model with(Use other) {
        return new Model(ref, holds, stage, reader, needBytes, other, failure);
    }

    Model with(Failure why) {
        return new Model(ref, holds, Stage.SETTLED, reader, needBytes, use, Optional.of(why));
    }

    Model withoutFailure() {
        return new Model(ref, holds, stage, reader, needBytes, use, Optional.empty());
    }

    Model withReader(ReaderId id, long bytes) {
        return new Model(ref, holds, Stage.SETTLED, Optional.of(id), bytes, use, failure);
    }

    Model withNeed(long bytes) {
        return new Model(ref, holds, stage, reader, bytes, use, failure);
    }

    Model withoutReader() {
        return new Model(ref, holds, stage, Optional.empty(), needBytes, use.gone(), failure);
    }
}
