package mata.engine;

import java.nio.file.Path;

/** Turns graph files into something that can run. Implementations live in sub-packages and are chosen by App. */
public interface Engine extends AutoCloseable {

    String name();

    /**
     * @throws mata.problem.Rejected with {@code OutOfMemory} when the device cannot hold the model, {@code BadInput} when
     *     the file is no graph that this engine can run; the detail names the file
     */
    LoadedModel open(Path graph, EngineOptions options);

    @Override
    void close();
}
