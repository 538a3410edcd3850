package mata.graph;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.safetensors.MappedTensors;
import mata.safetensors.StoredTensor;

/** A native graph in the runtime itself, its weights handed over as they are mapped. */
final class OrtGraph implements AutoCloseable {

    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final MappedTensors mapped;
    private final List<OnnxTensor> weights = new ArrayList<>();
    private final OrtSession session;

    OrtGraph(NativeGraph graph) throws IOException, OrtException {
        mapped = MappedTensors.of(graph.weights());
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            var initializers = new HashMap<String, OnnxTensorLike>();
            for (StoredTensor weight : graph.weights()) {
                OnnxTensor tensor = OnnxTensor.createTensor(
                        environment,
                        mapped.bytes(weight).asByteBuffer().order(ByteOrder.nativeOrder()),
                        weight.dimensions(),
                        type(weight));
                weights.add(tensor);
                initializers.put(weight.name(), tensor);
            }
            options.addExternalInitializers(initializers);
            session = environment.createSession(graph.model().toByteArray(), options);
        }
    }

    private static OnnxJavaType type(StoredTensor weight) {
        return switch (weight.type()) {
            case F16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case F64 -> OnnxJavaType.DOUBLE;
            case I64 -> OnnxJavaType.INT64;
            default -> OnnxJavaType.FLOAT;
        };
    }

    Set<String> inputs() {
        return session.getInputNames();
    }

    /** The outputs by name; they live until the test ends. */
    Map<String, OnnxTensor> run(Map<String, OnnxTensor> inputs) throws OrtException {
        var outputs = new LinkedHashMap<String, OnnxTensor>();
        session.run(inputs).forEach(output -> outputs.put(output.getKey(), (OnnxTensor) output.getValue()));
        return outputs;
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
        weights.forEach(OnnxTensor::close);
        mapped.close();
    }
}
