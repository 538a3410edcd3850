package mata.graph;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A native graph in the runtime itself: tests of many steps keep its outputs as they are. */
final class OrtGraph implements AutoCloseable {

    private final OrtSession session;

    OrtGraph(NativeGraph graph) throws OrtException {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.addConfigEntry(
                    "session.model_external_initializers_file_folder_path",
                    graph.folder().toString());
            session =
                    OrtEnvironment.getEnvironment().createSession(graph.model().toByteArray(), options);
        }
    }

    Set<String> inputs() {
        return session.getInputNames();
    }

    /** What a run gave, by name; it lives until the test ends. */
    record Outputs(Map<String, OnnxTensor> all) {

        OnnxTensor get(String name) {
            return Objects.requireNonNull(all.get(name), () -> name + " is not among " + all.keySet());
        }
    }

    Outputs run(Map<String, OnnxTensor> inputs) throws OrtException {
        var outputs = new LinkedHashMap<String, OnnxTensor>();
        session.run(inputs).forEach(output -> outputs.put(output.getKey(), (OnnxTensor) output.getValue()));
        return new Outputs(outputs);
    }

    /** What is remembered before the first step: nothing, for one text. */
    Map<String, OnnxTensor> emptyCache() throws OrtException {
        var cache = new LinkedHashMap<String, OnnxTensor>();
        for (Map.Entry<String, NodeInfo> input : session.getInputInfo().entrySet()) {
            if (input.getKey().startsWith("past_key_values.")) {
                long[] shape = ((TensorInfo) input.getValue().getInfo()).getShape();
                cache.put(
                        input.getKey(),
                        Numbers.of(new double[0], 1, shape[1], 0, shape[3]).tensor());
            }
        }
        return cache;
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
