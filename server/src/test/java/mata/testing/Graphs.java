package mata.testing;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.ModelProto;
import mata.graph.onnx.NodeProto;
import mata.graph.onnx.OperatorSetIdProto;
import mata.graph.onnx.StringStringEntryProto;
import mata.graph.onnx.TensorProto;
import mata.graph.onnx.TensorShapeProto;
import mata.graph.onnx.TypeProto;
import mata.graph.onnx.ValueInfoProto;

/** Graphs of one node, written for a test. */
public final class Graphs {

    private Graphs() {}

    public static ModelProto.Builder model(GraphProto.Builder graph) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
                .setGraph(graph.setName("test"));
    }

    public static Path write(Path file, ModelProto.Builder model) throws IOException {
        return Files.write(file, model.build().toByteArray());
    }

    public static NodeProto.Builder node(String op, String output, String... inputs) {
        var node = NodeProto.newBuilder().setOpType(op).addOutput(output);
        for (String input : inputs) {
            node.addInput(input);
        }
        return node;
    }

    /** @param shape a number, or a name for a free dimension */
    public static ValueInfoProto port(String name, TensorProto.DataType type, Object... shape) {
        var dimensions = TensorShapeProto.newBuilder();
        for (Object size : shape) {
            if (size instanceof Integer number) {
                dimensions.addDimBuilder().setDimValue(number);
            } else {
                dimensions.addDimBuilder().setDimParam((String) size);
            }
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(dimensions)))
                .build();
    }

    /** What comes in goes out, whatever its type. */
    public static ModelProto.Builder identity(TensorProto.DataType type, Object... shape) {
        return model(GraphProto.newBuilder()
                .addInput(port("x", type, shape))
                .addOutput(port("y", type, shape))
                .addNode(node("Identity", "y", "x")));
    }

    /** {@code y = x + w}, with {@code w} = 10, 20, 30 in a file of its own. */
    public static ModelProto.Builder sumWithExternalWeights(String location) {
        return model(GraphProto.newBuilder()
                .addInput(port("x", TensorProto.DataType.FLOAT, "n", 3))
                .addOutput(port("y", TensorProto.DataType.FLOAT, "n", 3))
                .addInitializer(TensorProto.newBuilder()
                        .setName("w")
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .addDims(3)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(StringStringEntryProto.newBuilder()
                                .setKey("location")
                                .setValue(location)))
                .addNode(node("Add", "y", "x", "w")));
    }

    public static ByteString weights() {
        return ByteString.copyFrom(ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(10)
                .putFloat(20)
                .putFloat(30)
                .flip());
    }
}
