package mata.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import mata.task.ModelRef;

/** How the fleet keeps its models and readers: plain values, from the settings. */
public record FleetOptions(Stay stay, Running running, Beats beats) {

    /**
     * Who stays in memory.
     *
     * @param keepAlive how long a model stays after its last use; zero = not at all, empty = for ever
     * @param memoryShare what loaded models may bring the use of memory to, as a share of the machine's (or the cgroup's)
     * @param preload loaded at start
     * @param pinned never unloaded but by somebody's order
     */
    public record Stay(
            Optional<Duration> keepAlive,
            OptionalInt maxLoadedModels,
            double memoryShare,
            List<ModelRef> preload,
            Set<ModelRef> pinned) {
        public Stay {
            preload = List.copyOf(preload);
            pinned = Set.copyOf(pinned);
        }
    }

    /**
     * How a reader runs its model.
     *
     * @param device {@code cpu}, {@code cuda}, {@code cuda:<n>}
     * @param dtype which variant of the weights
     * @param threads inside one run
     * @param concurrency runs of one reader at once
     * @param maxBatch jobs that may share a run
     * @param batchDelay how long a job may wait for others to share its run; zero = not at all
     * @param maxImagePixels no larger picture is decoded
     * @param engineCache where optimised graphs are kept; empty = nowhere
     */
    public record Running(
            String device,
            String dtype,
            int threads,
            int concurrency,
            int maxBatch,
            Duration batchDelay,
            long maxImagePixels,
            Optional<Path> engineCache) {}

    /**
     * How long readers may take.
     *
     * @param promise how long an idle reader may be silent, whole seconds
     * @param check between two looks for silent ones; zero = never look
     * @param load from its start until it is live
     * @param drain to finish what it has in hand
     */
    public record Beats(Duration promise, Duration check, Duration load, Duration drain) {}

    /** What holds where nobody has asked for anything else. */
    public static FleetOptions defaults(int cores) {
        return new FleetOptions(
                new Stay(Optional.of(Duration.ofMinutes(5)), OptionalInt.empty(), 0.9, List.of(), Set.of()),
                new Running(
                        "cpu", "fp32", cores, Math.clamp(cores, 1, 4), 8, Duration.ZERO, 64_000_000, Optional.empty()),
                new Beats(
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(600),
                        Duration.ofSeconds(30)));
    }

    public FleetOptions with(Stay other) {
        return new FleetOptions(other, running, beats);
    }

    public FleetOptions with(Running other) {
        return new FleetOptions(stay, other, beats);
    }

    public FleetOptions with(Beats other) {
        return new FleetOptions(stay, running, other);
    }
}
