package mata.testing;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mata.engine.BuiltGraph;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.engine.Signature;
import mata.engine.Tensors;

/** Another engine, with the number of runs of each graph and how many graphs are open. */
public final class CountingEngine implements Engine {

    private final Engine engine;
    private final Map<String, Integer> runs = new ConcurrentHashMap<>();
    private int open;

    public CountingEngine(Engine engine) {
        this.engine = engine;
    }

    /** @param graph as its file or part is called */
    public int runs(String graph) {
        return runs.getOrDefault(graph, 0);
    }

    public int open() {
        return open;
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public LoadedModel open(Path graph, EngineOptions options) {
        return counting(engine.open(graph, options), graph.getFileName().toString());
    }

    @Override
    public LoadedModel open(BuiltGraph graph, EngineOptions options) {
        return counting(engine.open(graph, options), graph.name());
    }

    private LoadedModel counting(LoadedModel model, String name) {
        open++;
        return new LoadedModel() {
            @Override
            public Signature signature() {
                return model.signature();
            }

            @Override
            public Tensors run(Tensors inputs) {
                runs.merge(name, 1, Integer::sum);
                return model.run(inputs);
            }

            @Override
            public void close() {
                open--;
                model.close();
            }
        };
    }

    @Override
    public void close() {
        engine.close();
    }
}
