package mata.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mata.problem.Problem;
import mata.task.ModelRef;

/** What the fleet can learn or be told. */
sealed interface FleetEvent {

    /** An alarm: some deadline has been reached. */
    record Passed() implements FleetEvent {}

    /** The check tick: silence is acted on now (readers-status H6). */
    record Look() implements FleetEvent {}

    /** About one reader. What an incarnation tells is ignored unless it is the newest one of its reader. */
    sealed interface OfReader extends FleetEvent {

        record Created(ReaderId reader, ReaderSpec spec) implements OfReader {}

        record Started(Incarnation reader, List<Long> pids) implements OfReader {}

        record Beat(Incarnation reader, Duration promise, long residentBytes) implements OfReader {}

        record Loaded(Incarnation reader, String device, String family, Duration took, long residentBytes)
                implements OfReader {}

        record Claimed(Incarnation reader, int room) implements OfReader {}

        /** Jobs were sent to it. */
        record Taken(Incarnation reader, int jobs) implements OfReader {}

        record Answered(Incarnation reader, boolean good) implements OfReader {}

        /** It says that it cannot go on. */
        record Failed(Incarnation reader, Problem problem) implements OfReader {}

        /** It is no more, by itself or because it was ended. */
        record Exited(Incarnation reader, String how, List<String> logTail) implements OfReader {}

        /** It is to finish its work and go. */
        record Deleted(ReaderId reader) implements OfReader {}

        /** By an operator. */
        record Killed(ReaderId reader) implements OfReader {}

        /** By hand, whatever its restart policy says. */
        record Restarted(ReaderId reader) implements OfReader {}
    }

    /** About one model. */
    sealed interface OfModel extends FleetEvent {

        ModelRef model();

        /** Somebody asks for it to be loaded, or, where it cannot be, for the reason. */
        record Wanted(ModelRef model) implements OfModel {}

        /** A job for it was accepted: it is needed until {@link Released}. */
        record Held(ModelRef model) implements OfModel {}

        /** @param keepAlive how long it stays from now on; empty = for ever */
        record Released(ModelRef model, Optional<Duration> keepAlive, boolean answered) implements OfModel {}

        /**
         * Its files were found.
         *
         * @param needBytes what it will probably take in memory
         */
        record Measured(ModelRef model, ReaderSpec spec, long needBytes, Memory memory) implements OfModel {}

        /** It cannot be loaded, and nothing was started. */
        record Unusable(ModelRef model, Problem problem) implements OfModel {}

        record Unwanted(ModelRef model) implements OfModel {}
    }
}
