package mata.fleet;

import java.time.Duration;
import java.util.Optional;

/** Where a reader stands in its life (readers-status 6.1). Times are on the clock that never jumps. */
sealed interface Phase {

    /**
     * @param until after this loading has failed
     * @param loaded the weights are there, only the first heartbeat is missing
     */
    record Loading(Duration until, boolean loaded) implements Phase {}

    record Live() implements Phase {}

    /**
     * @param restartAt when the next attempt begins; empty where nothing but a person starts it again
     * @param before what it was; what a silent reader that is heard again returns to
     */
    record Dead(Reason reason, String message, Optional<Duration> restartAt, Phase before) implements Phase {

        boolean isSilent() {
            return reason == Reason.SILENT;
        }
    }

    /**
     * Finishes what it has, then is gone.
     *
     * @param until after this it is ended whether it has finished or not; empty once that has been ordered
     */
    record Draining(Optional<Duration> until) implements Phase {}
}
