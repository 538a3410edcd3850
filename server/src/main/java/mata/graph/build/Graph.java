package mata.graph.build;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.ModelProto;
import mata.graph.onnx.OperatorSetIdProto;
import mata.graph.onnx.StringStringEntryProto;
import mata.graph.onnx.TensorProto;
import mata.graph.onnx.TensorShapeProto;
import mata.graph.onnx.TypeProto;
import mata.graph.onnx.ValueInfoProto;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.safetensors.SafeTensors;
import mata.safetensors.StoredTensor;

/**
 * One ONNX graph being written over the weights of one checkpoint. A weight becomes an initialiser whose data stays where it
 * lies: external data at its own byte range of its safetensors file. Half-precision weights are cast to FLOAT by the graph.
 */
public final class Graph {

    /** Gelu and five-dimensional GridSample came with 20; the runtime's fusions know it well. */
    private static final long OPSET = 20;

    private static final long IR_VERSION = 10;

    /** The runtime's own operators. */
    static final String FUSED = "com.microsoft";

    private final String name;
    private final SafeTensors stored;
    private final GraphProto.Builder proto;
    private final Map<String, StoredTensor> used = new LinkedHashMap<>();
    private final Map<String, Value> weights = new LinkedHashMap<>();
    private final Map<String, Value> casts = new LinkedHashMap<>();
    private final Set<String> linear = new LinkedHashSet<>();
    private final Set<String> others = new LinkedHashSet<>();
    private final Map<TensorProto, Value> constants = new LinkedHashMap<>();
    private int nodes;

    /** @param name as the exporters call the file: {@code model}, {@code vision_encoder} … */
    public Graph(String name, SafeTensors stored) {
        this.name = name;
        this.stored = stored;
        this.proto = GraphProto.newBuilder().setName(name);
    }

    public String name() {
        return name;
    }

    /** The layers of the checkpoint, from its root. */
    public Layer root() {
        return new Layer(this, "");
    }

    /** @param dims a number, or the name of a dimension that the caller is free in */
    public Value input(String name, Type type, String... dims) {
        long[] shape = Arrays.stream(dims)
                .mapToLong(dim -> Character.isDigit(dim.charAt(0)) ? Long.parseLong(dim) : Shape.ANY)
                .toArray();
        proto.addInput(port(name, type, List.of(dims)));
        return new Value(this, name, type, Shape.of(shape), name);
    }

    public void output(String name, Value value) {
        node("Identity").in(value).named(name).out(value.type(), value.shape());
        proto.addOutput(port(
                name,
                value.type(),
                value.shape().dims().stream()
                        .map(dim -> dim == Shape.ANY ? "" : dim.toString())
                        .toList()));
    }

    private static ValueInfoProto port(String name, Type type, List<String> dims) {
        var shape = TensorShapeProto.newBuilder();
        for (String dim : dims) {
            if (dim.isEmpty()) {
                shape.addDimBuilder();
            } else if (Character.isDigit(dim.charAt(0))) {
                shape.addDimBuilder().setDimValue(Long.parseLong(dim));
            } else {
                shape.addDimBuilder().setDimParam(dim);
            }
        }
        var tensor = TypeProto.Tensor.newBuilder().setElemType(type.number()).setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /**
     * A tensor of the checkpoint as FLOAT, or INT64 where it is stored so.
     *
     * @param shape what the model wants; {@link Shape#ANY} (-1) where the file decides
     * @throws Rejected with {@code BadInput} naming a tensor that is missing, of another shape or of a type without use here
     */
    Value weight(String tensor, long... shape) {
        others.add(tensor);
        return asFloat(tensor, shape);
    }

    /** As {@link #weight}, for a linear layer: another time it may be packed. */
    Value linearWeight(String tensor, long... shape) {
        linear.add(tensor);
        return asFloat(tensor, shape);
    }

    /** As {@link #weight}, in the type that it is stored in. */
    Value raw(String tensor, long... shape) {
        others.add(tensor);
        return asStored(tensor, shape);
    }

    /** The weights that linear layers use. */
    public Set<String> linearWeights() {
        return Collections.unmodifiableSet(linear);
    }

    /** The weights that anything but a linear layer uses. */
    public Set<String> otherWeights() {
        return Collections.unmodifiableSet(others);
    }

    private Value asFloat(String tensor, long... shape) {
        Value stored = asStored(tensor, shape);
        return stored.type().isReal() && stored.type() != Type.FLOAT
                ? casts.computeIfAbsent(tensor, _ -> stored.cast(Type.FLOAT))
                : stored;
    }

    private Value asStored(String tensor, long... shape) {
        StoredTensor found =
                stored.find(tensor).orElseThrow(() -> refuse("tensor " + tensor + " is missing from the weights"));
        Shape present = Shape.of(found.dimensions());
        if (!present.fits(Shape.of(shape))) {
            throw refuse("tensor " + tensor + " has shape " + present + " where " + Shape.of(shape) + " is expected");
        }
        return weights.computeIfAbsent(tensor, _ -> initializer(found, present));
    }

    private Value initializer(StoredTensor tensor, Shape shape) {
        Type type = Type.of(tensor.type())
                .orElseThrow(() -> refuse(
                        "tensor " + tensor.name() + " is stored as " + tensor.type() + ", which cannot be read"));
        used.put(tensor.name(), tensor);
        proto.addInitializer(TensorProto.newBuilder()
                .setName(tensor.name())
                .setDataType(type.number())
                .addAllDims(tensor.shape())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", location(tensor)))
                .addExternalData(entry("offset", Long.toString(tensor.offset())))
                .addExternalData(entry("length", Long.toString(tensor.length()))));
        return new Value(this, tensor.name(), type, shape, tensor.name());
    }

    /** Relative to the checkpoint's folder, with the separator that ONNX wants. */
    private String location(StoredTensor tensor) {
        return stored.folder().relativize(tensor.file()).toString().replace('\\', '/');
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** Whether it is stored, packed or not. */
    boolean has(String tensor) {
        return stored.has(tensor)
                || Packing.WIDTHS.stream().anyMatch(bits -> stored.has(Packing.numbers(tensor, bits)));
    }

    Shape stored(String tensor) {
        return Shape.of(stored.find(tensor)
                .map(StoredTensor::dimensions)
                .orElseThrow(() -> refuse("tensor " + tensor + " is missing from the weights")));
    }

    /** INT64 of shape [n]. */
    public Value longs(long... values) {
        return longTable(values, values.length);
    }

    /** INT64 scalar. */
    public Value index(long value) {
        return longTable(new long[] {value});
    }

    /** INT64 of any shape. */
    public Value longTable(long[] values, long... shape) {
        var bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(Type.INT64, bytes, shape);
    }

    public Value scalar(double value) {
        return floats(new float[] {(float) value});
    }

    /** FLOAT of any shape; none at all = a scalar. */
    public Value floats(float[] values, long... shape) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return constant(Type.FLOAT, bytes, shape);
    }

    private Value constant(Type type, ByteBuffer bytes, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setDataType(type.number())
                .addAllDims(Shape.of(shape).dims())
                .setRawData(ByteString.copyFrom(bytes));
        return constants.computeIfAbsent(tensor.build(), _ -> {
            String constant = "constant_" + constants.size();
            proto.addInitializer(tensor.setName(constant));
            return new Value(this, constant, type, Shape.of(shape), constant);
        });
    }

    /** {@code 0, 1, … count - 1}, INT64. */
    public Value range(Size count) {
        return node("Range").in(index(0), count.in(this).squeeze(0), index(1)).out(Type.INT64, Shape.of(count.known()));
    }

    /** INT64 of shape [n] that says a shape. */
    public Value sizes(Size... sizes) {
        if (Arrays.stream(sizes).allMatch(size -> size instanceof Size.Fixed)) {
            return longs(Arrays.stream(sizes).mapToLong(Size::known).toArray());
        }
        return concat(0, Arrays.stream(sizes).map(size -> size.in(this)).toList());
    }

    /** One value everywhere. */
    public Value full(double value, Size... sizes) {
        return scalar(value).expand(sizes);
    }

    public static Value concat(int axis, Value... parts) {
        return concat(axis, List.of(parts));
    }

    public static Value concat(int axis, List<Value> parts) {
        Value first = parts.getFirst();
        Shape joint = first.shape();
        long length = 0;
        for (Value part : parts) {
            if (!part.shape().with(axis, Shape.ANY).fits(joint.with(axis, Shape.ANY))) {
                throw first.graph().refuse("cannot join " + first.described() + " and " + part.described());
            }
            long more = part.shape().at(axis);
            length = length == Shape.ANY || more == Shape.ANY ? Shape.ANY : length + more;
        }
        return first.graph()
                .node("Concat")
                .in(parts)
                .with("axis", joint.axis(axis))
                .out(first.type(), joint.with(axis, length));
    }

    Node node(String type) {
        return new Node(this, type);
    }

    String nextName(String type) {
        return type + "_" + nodes++;
    }

    GraphProto.Builder proto() {
        return proto;
    }

    Rejected refuse(String because) {
        return new Rejected(new Problem.BadInput("cannot build the graph " + name + ": " + because));
    }

    /** The finished model; its weights' data are in {@link #weights}. */
    public ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("mataserver")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(FUSED).setVersion(1))
                .setGraph(proto)
                .build();
    }

    /** The folder that the weights' locations are relative to. */
    public Path folder() {
        return stored.folder();
    }

    /** The tensors of the checkpoint that the graph uses, by their initialisers' names. */
    public List<StoredTensor> weights() {
        return new ArrayList<>(used.values());
    }
}
