package mata.graph;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.util.List;
import mata.graph.build.Graph;
import mata.safetensors.StoredTensor;

/**
 * A graph ready to be opened.
 *
 * @param name as the exporters call the file: {@code model}, {@code vision_encoder} …
 * @param model an ONNX ModelProto whose initialisers are external data at their own byte ranges of the safetensors files
 * @param folder what the locations of the external data are relative to: where the files really lie
 * @param weights the tensors that the graph uses, by the names of their initialisers
 */
public record NativeGraph(String name, ByteString model, Path folder, List<StoredTensor> weights) {

    public NativeGraph {
        weights = List.copyOf(weights);
    }

    static NativeGraph of(Graph graph) {
        return new NativeGraph(graph.name(), graph.model().toByteString(), graph.folder(), graph.weights());
    }

    /** Bytes of the weights as they are stored. */
    public long weightBytes() {
        return weights.stream().mapToLong(StoredTensor::length).sum();
    }
}
