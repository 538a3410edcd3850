package mata.engine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to open a graph.
 *
 * @param device {@code cpu}, {@code cuda}, {@code cuda:<n>}
 * @param threads threads inside one run; 0 = one a core
 * @param spinning whether idle threads burn CPU to answer sooner: only where one reader lives alone
 * @param arena whether memory of a run is kept for the next one: faster, and as large as the largest run so far
 * @param cache folder for optimised graphs, if they are to be kept
 */
public record EngineOptions(String device, int threads, boolean spinning, boolean arena, Optional<Path> cache) {

    public static EngineOptions cpu(int threads) {
        return new EngineOptions("cpu", threads, false, true, Optional.empty());
    }

    public EngineOptions cachedIn(Path folder) {
        return new EngineOptions(device, threads, spinning, arena, Optional.of(folder));
    }
}
