package mata.graph.build;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mata.graph.onnx.AttributeProto;
import mata.graph.onnx.NodeProto;
import org.jspecify.annotations.Nullable;

/** One operator being added to a graph. */
final class Node {

    private final Graph graph;
    private final NodeProto.Builder proto;
    private @Nullable String output;
    private String origin = "";

    Node(Graph graph, String type) {
        this.graph = graph;
        this.proto = NodeProto.newBuilder().setOpType(type);
    }

    /** One of the runtime's own. */
    Node fused() {
        proto.setDomain(Graph.FUSED);
        return this;
    }

    Node in(Value... values) {
        return in(List.of(values));
    }

    Node in(List<Value> values) {
        for (Value value : values) {
            proto.addInput(value.name());
            if (origin.isEmpty() || value.isWeight()) {
                origin = value.origin();
            }
        }
        return this;
    }

    /** An optional input that is left out. */
    Node absent() {
        proto.addInput("");
        return this;
    }

    Node with(String name, long value) {
        proto.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value));
        return this;
    }

    Node with(String name, double value) {
        proto.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF((float) value));
        return this;
    }

    Node with(String name, String value) {
        proto.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.STRING)
                .setS(com.google.protobuf.ByteString.copyFromUtf8(value)));
        return this;
    }

    Node with(String name, long[] values) {
        proto.addAttribute(AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(Arrays.stream(values).boxed().toList()));
        return this;
    }

    /** Gives the only output a name of its own. */
    Node named(String name) {
        output = name;
        return this;
    }

    Value out(Type type, Shape shape) {
        return outs(List.of(type), List.of(shape)).getFirst();
    }

    List<Value> outs(List<Type> types, List<Shape> shapes) {
        String name = output == null ? graph.nextName(proto.getOpType()) : output;
        var values = new ArrayList<Value>();
        for (int i = 0; i < types.size(); i++) {
            String each = i == 0 ? name : name + "_" + i;
            proto.addOutput(each);
            values.add(new Value(graph, each, types.get(i), shapes.get(i), origin));
        }
        graph.proto().addNode(proto.setName(name));
        return values;
    }
}
