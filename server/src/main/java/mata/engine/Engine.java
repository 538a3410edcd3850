package mata.engine;

import java.nio.file.Path;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Turns graph files into something that can run. Implementations live in sub-packages and are chosen by App. */
public interface Engine extends AutoCloseable {

    String name();

    /**
     * @throws mata.problem.Rejected with {@code OutOfMemory} when the device cannot hold the model, {@code BadInput} when
     *     the file is no graph that this engine can run; the detail names the file
     */
    LoadedModel open(Path graph, EngineOptions options);

    /**
     * Opens a graph that lies in no file. Nothing of it is kept in {@link EngineOptions#cache}.
     *
     * @throws mata.problem.Rejected as {@link #open(Path, EngineOptions)}; {@code BadInput} from an engine that reads files only
     */
    default LoadedModel open(BuiltGraph graph, EngineOptions options) {
        throw new Rejected(new Problem.BadInput(name() + " cannot open " + graph.name() + ": it reads files only"));
    }

    @Override
    void close();
}
