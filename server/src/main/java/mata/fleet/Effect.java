package mata.fleet;

import java.util.Optional;
import mata.problem.Problem;
import mata.task.ModelRef;

/** What has to be done, or made known, after an event. */
sealed interface Effect {

    sealed interface OfReader extends Effect {

        Incarnation reader();

        ReaderSpec spec();

        /** Bring it to life. */
        record Start(Incarnation reader, ReaderSpec spec) implements OfReader {}

        /** Tell it to finish its work and end. */
        record Drain(Incarnation reader, ReaderSpec spec) implements OfReader {}

        /** End it now. */
        record Kill(Incarnation reader, ReaderSpec spec) implements OfReader {}

        /**
         * It takes work from now on.
         *
         * @param room what it has claimed already
         * @param revived it was live before and only silent in between
         */
        record Opened(Incarnation reader, ReaderSpec spec, int room, boolean revived) implements OfReader {}

        record Room(Incarnation reader, ReaderSpec spec, int more) implements OfReader {}

        /** It takes no more work; what it has it finishes. */
        record Closed(Incarnation reader, ReaderSpec spec) implements OfReader {}

        /**
         * It is dead: what it had in hand is to be given to others.
         *
         * @param problem what to tell those who waited for it
         * @param returns whether it may come back by itself
         */
        record Lost(Incarnation reader, ReaderSpec spec, Reason reason, Problem problem, boolean returns)
                implements OfReader {}

        /** It is in the table no more. */
        record Gone(Incarnation reader, ReaderSpec spec) implements OfReader {}
    }

    sealed interface OfModel extends Effect {

        ModelRef model();

        /** Find its files and see how much memory there is. */
        record Measure(ModelRef model, Optional<Long> knownBytes) implements OfModel {}

        record Ready(ModelRef model) implements OfModel {}

        /** It cannot be used now: whoever waits for it waits in vain. */
        record Unservable(ModelRef model, Problem problem) implements OfModel {}

        /** Somebody wanted it unloaded; {@code there}: there was something to unload, and it has gone. */
        record Unloaded(ModelRef model, boolean there) implements OfModel {}
    }
}
