package mata.testing;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import mata.engine.BuiltGraph;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.engine.Signature;
import mata.engine.Tensor;
import mata.engine.Tensors;

/** Another engine's runs, with what went in and came out last under each name. For one thread. */
public final class RecordingEngine implements Engine {

    private final Engine engine;
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();

    public RecordingEngine(Engine engine) {
        this.engine = engine;
    }

    public Map<String, Tensor> inputs() {
        return inputs;
    }

    public Map<String, Tensor> outputs() {
        return outputs;
    }

    public void forget() {
        inputs.clear();
        outputs.clear();
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public LoadedModel open(Path graph, EngineOptions options) {
        return recording(engine.open(graph, options));
    }

    @Override
    public LoadedModel open(BuiltGraph graph, EngineOptions options) {
        return recording(engine.open(graph, options));
    }

    private LoadedModel recording(LoadedModel model) {
        return new LoadedModel() {
            @Override
            public Signature signature() {
                return model.signature();
            }

            @Override
            public Tensors run(Tensors given) {
                inputs.putAll(given.asMap());
                Tensors answer = model.run(given);
                outputs.putAll(answer.asMap());
                return answer;
            }

            @Override
            public void close() {
                model.close();
            }
        };
    }

    @Override
    public void close() {
        engine.close();
    }
}
