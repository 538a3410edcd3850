package mata.graph;

import com.google.protobuf.ByteString;
import java.util.List;
import mata.graph.build.Graph;
import mata.graph.onnx.ModelProto;
import mata.safetensors.StoredTensor;

/**
 * A graph ready to be opened.
 *
 * @param name as the exporters call the file: {@code model}, {@code vision_encoder} …
 * @param model an ONNX ModelProto whose initialisers are external data: {@code location} is a safetensors file's own name,
 *     {@code offset} and {@code length} the tensor's bytes there
 * @param weights those tensors, by the names of their initialisers
 */
public record NativeGraph(String name, ByteString model, List<StoredTensor> weights) {

    public NativeGraph {
        weights = List.copyOf(weights);
    }

    static NativeGraph of(Graph graph) {
        ModelProto model = graph.model();
        return new NativeGraph(graph.name(), model.toByteString(), graph.weights());
    }
}
