package mata.graph.build;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A part of a checkpoint: the tensors whose names begin with one prefix, and the layers they make. The names given to its
 * methods are those behind the prefix, as in the published files.
 */
public final class Layer {

    /** The runtime may round what a packed weight is multiplied with to eight bits, too. */
    private static final int INTEGER_PRODUCTS = 4;

    private final Graph graph;
    private final String prefix;

    Layer(Graph graph, String prefix) {
        this.graph = graph;
        this.prefix = prefix;
    }

    public Graph graph() {
        return graph;
    }

    /** @param path {@code encoder.layer} */
    public Layer at(String path) {
        return path.isEmpty() ? this : new Layer(graph, prefix + path + ".");
    }

    public Layer at(String path, int index) {
        return at(path + "." + index);
    }

    /** {@code path.0}, {@code path.1} … {@code count} of them. */
    public List<Layer> list(String path, int count) {
        return IntStream.range(0, count).mapToObj(i -> at(path, i)).toList();
    }

    /** Whether the checkpoint holds this tensor. */
    public boolean has(String tensor) {
        return graph.has(prefix + tensor);
    }

    /** A tensor's dimension as it is stored. */
    public int stored(String tensor, int axis) {
        return Math.toIntExact(graph.stored(prefix + tensor).at(axis));
    }

    /** @param shape what the model wants, -1 where the file decides */
    public Value tensor(String name, long... shape) {
        return graph.weight(prefix + name, shape);
    }

    /** {@code x·Wᵀ + b}. An empty name means the layer itself. */
    public Value linear(String name, Value x) {
        return linear(name, x, true);
    }

    /** @param width of the result, where the model knows it better than the file */
    public Value linear(String name, Value x, int width) {
        return linear(name, x, width, true);
    }

    public Value linear(String name, Value x, boolean bias) {
        return linear(name, x, Shape.ANY, bias);
    }

    private Value linear(String name, Value x, long width, boolean bias) {
        Layer layer = at(name);
        Value product = layer.product(x, width);
        return bias ? product.plus(layer.tensor("bias", product.shape().at(-1))) : product;
    }

    private Value product(Value x, long width) {
        for (int bits : Packing.WIDTHS) {
            if (has(Packing.numbers("weight", bits))) {
                return packedProduct(x, width, bits);
            }
        }
        return x.matmulTransposed(
                graph.linearWeight(prefix + "weight", width, x.shape().at(-1)));
    }

    private Value packedProduct(Value x, long width, int bits) {
        var packing = new Packing(bits, x.width(-1));
        Value numbers = tensor(Packing.numbers("weight", bits), width, packing.blocks(), packing.blockBytes());
        long rows = numbers.shape().at(0);
        return graph.node("MatMulNBits")
                .fused()
                .in(x, numbers, tensor(Packing.scales("weight", bits), rows, packing.blocks()))
                .with("K", packing.width())
                .with("N", rows)
                .with("bits", bits)
                .with("block_size", Packing.BLOCK)
                .with("accuracy_level", INTEGER_PRODUCTS)
                .out(x.type(), x.shape().with(-1, rows));
    }

    /** Over the last axis. */
    public Value layerNorm(String name, Value x, double eps) {
        long width = x.shape().at(-1);
        return graph.node("LayerNormalization")
                .in(x, tensor(name + ".weight", width), tensor(name + ".bias", width))
                .with("epsilon", eps)
                .with("axis", -1)
                .out(x.type(), x.shape());
    }

    /** Over the channels of a map. */
    public Value channelNorm(String name, Value map, double eps) {
        return layerNorm(name, map.transpose(0, 2, 3, 1), eps).transpose(0, 3, 1, 2);
    }

    /** Over groups of channels of a map, each with all its cells. */
    public Value groupNorm(String name, Value map, int groups, double eps) {
        int channels = map.width(1);
        float[] ones = new float[groups];
        Arrays.fill(ones, 1);
        Value grouped = map.reshape(0, groups, -1);
        Value normed = graph.node("InstanceNormalization")
                .in(grouped, graph.floats(ones, groups), graph.floats(new float[groups], groups))
                .with("epsilon", eps)
                .out(map.type(), grouped.shape())
                .reshape(Size.keep(), Size.of(channels), map.size(2), map.size(3));
        return normed.times(tensor(name + ".weight", channels).reshape(channels, 1, 1))
                .plus(tensor(name + ".bias", channels).reshape(channels, 1, 1));
    }

    public Value conv(String name, Value map, Conv how) {
        Value weight = tensor(name + ".weight", Shape.ANY, perGroup(map, how), Shape.ANY, Shape.ANY);
        Node node = graph.node("Conv").in(map, weight);
        if (how.bias()) {
            node.in(tensor(name + ".bias", weight.shape().at(0)));
        }
        long kernelHeight = weight.shape().at(2);
        long kernelWidth = weight.shape().at(3);
        int pad = how.padding();
        return node.with("kernel_shape", new long[] {kernelHeight, kernelWidth})
                .with("strides", new long[] {how.stride(), how.stride()})
                .with("pads", new long[] {pad, pad, pad, pad})
                .with("dilations", new long[] {how.dilation(), how.dilation()})
                .with("group", how.groups())
                .out(
                        map.type(),
                        Shape.of(
                                map.shape().at(0),
                                weight.shape().at(0),
                                how.over(map.shape().at(2), kernelHeight),
                                how.over(map.shape().at(3), kernelWidth)));
    }

    private static long perGroup(Value map, Conv how) {
        long channels = map.shape().at(1);
        return channels == Shape.ANY ? Shape.ANY : channels / how.groups();
    }

    /** Enlarges by the kernel's own size, without overlap. */
    public Value convTransposed(String name, Value map, int factor) {
        Value weight = tensor(name + ".weight", map.shape().at(1), Shape.ANY, factor, factor);
        long channels = weight.shape().at(1);
        return graph.node("ConvTranspose")
                .in(map, weight, tensor(name + ".bias", channels))
                .with("kernel_shape", new long[] {factor, factor})
                .with("strides", new long[] {factor, factor})
                .out(
                        map.type(),
                        Shape.of(
                                map.shape().at(0),
                                channels,
                                enlarged(map.shape().at(2), factor),
                                enlarged(map.shape().at(3), factor)));
    }

    /** Doubles a map with a kernel of four, without bias. */
    public Value deconv(String name, Value map) {
        Value weight = tensor(name + ".weight", map.shape().at(1), Shape.ANY, 4, 4);
        return graph.node("ConvTranspose")
                .in(map, weight)
                .with("kernel_shape", new long[] {4, 4})
                .with("strides", new long[] {2, 2})
                .with("pads", new long[] {1, 1, 1, 1})
                .out(
                        map.type(),
                        Shape.of(
                                map.shape().at(0),
                                weight.shape().at(1),
                                enlarged(map.shape().at(2), 2),
                                enlarged(map.shape().at(3), 2)));
    }

    private static long enlarged(long length, int factor) {
        return length == Shape.ANY ? Shape.ANY : length * factor;
    }

    /** By the running statistics. The runtime folds it into a convolution before it. */
    public Value batchNorm(String name, Value map, double eps) {
        long channels = map.shape().at(1);
        return graph.node("BatchNormalization")
                .in(
                        map,
                        tensor(name + ".weight", channels),
                        tensor(name + ".bias", channels),
                        tensor(name + ".running_mean", channels),
                        tensor(name + ".running_var", channels))
                .with("epsilon", eps)
                .out(map.type(), map.shape());
    }

    /** Rows of a table by INT64 ids. The rows are cast, not the table. */
    public Value embedding(String name, Value ids) {
        Value rows = graph.raw(prefix + name + ".weight", Shape.ANY, Shape.ANY).rows(ids);
        return rows.type() == Type.FLOAT ? rows : rows.cast(Type.FLOAT);
    }

    /** {@code x / √(mean x² + eps) · weight} over the last axis. */
    public Value rmsNorm(String name, Value x, double eps) {
        return graph.node("SimplifiedLayerNormalization")
                .in(x, tensor(name + ".weight", x.shape().at(-1)))
                .with("axis", -1)
                .with("epsilon", eps)
                .out(x.type(), x.shape());
    }
}
