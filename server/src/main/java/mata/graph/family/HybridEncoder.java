package mata.graph.family;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Resizing;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/**
 * The encoder of RT-DETR and D-FINE: one transformer on the smallest map, then features pass down to the large maps and up
 * again. The two families differ in the blocks that join two maps.
 */
final class HybridEncoder {

    private final Layer encoder;
    private final Config config;
    private final double eps;
    private final String activation;

    /** D-FINE's blocks are another kind, and its convolutions between maps have no activation. */
    private final boolean fine;

    HybridEncoder(Layer encoder, Config config) {
        this.encoder = encoder;
        this.config = config;
        this.eps = config.decimal("batch_norm_eps", 1e-5);
        this.activation = config.text("activation_function", "silu");
        this.fine = encoder.has("fpn_blocks.0.csp_rep1.conv1.conv.weight");
    }

    /** @param maps from large to small; so are the results */
    List<Value> encode(List<Value> maps) {
        var mixed = new ArrayList<>(maps);
        List<Integer> where = config.integers("encode_proj_layers", List.of(2));
        for (int i = 0; i < where.size(); i++) {
            mixed.set(where.get(i), attended(encoder.at("encoder", i), mixed.get(where.get(i))));
        }
        return bottomUp(topDown(mixed));
    }

    private Value attended(Layer transformer, Value map) {
        var layers = new PostNorm(
                config.integer("encoder_attention_heads", 8),
                config.text("encoder_activation_function", "gelu"),
                config.decimal("layer_norm_eps", 1e-5));
        Value positions = positions(map);
        Value x = map.mapToTokens();
        for (Layer layer : transformer.list("layers", config.integer("encoder_layers", 1))) {
            x = layers.feedForward(layer, layers.selfAttend(layer, x, positions));
        }
        return x.tokensToMap(map.size(2), map.size(3));
    }

    /**
     * [1, h·w, d]. The axes are exchanged, as in the published code: row r of the sequence has the position of column r / h and
     * row r % h.
     */
    private Value positions(Value map) {
        Graph graph = map.graph();
        int quarter = map.width(1) / 4;
        double temperature = config.decimal("positional_encoding_temperature", 10_000);
        float[] omega = new float[quarter];
        for (int i = 0; i < quarter; i++) {
            omega[i] = (float) (1 / Math.pow(temperature, (double) i / quarter));
        }
        Value slowness = graph.floats(omega, 1, quarter);
        Size height = map.size(2);
        Size width = map.size(3);
        Value columns =
                graph.range(width).cast(Type.FLOAT).unsqueeze(1).times(slowness).unsqueeze(1);
        Value rows = graph.range(height)
                .cast(Type.FLOAT)
                .unsqueeze(1)
                .times(slowness)
                .unsqueeze(0);
        columns = columns.expand(width, height, Size.of(quarter));
        rows = rows.expand(width, height, Size.of(quarter));
        return Graph.concat(2, columns.sin(), columns.cos(), rows.sin(), rows.cos())
                .reshape(1, -1, 4L * quarter);
    }

    /** From small to large; the lateral convolution's map also replaces what it was made from. */
    private List<Value> topDown(List<Value> maps) {
        var down = new ArrayList<>(List.of(maps.getLast()));
        for (int i = 0; i < maps.size() - 1; i++) {
            Value lateral = convNorm(encoder.at("lateral_convs", i), down.getLast(), 1);
            Value upper = fine ? lateral : lateral.activated(activation);
            down.set(i, upper);
            Value lower = maps.get(maps.size() - 2 - i);
            down.add(join(encoder.at("fpn_blocks", i), upper.enlarge(Resizing.NEAREST, 2), lower));
        }
        Collections.reverse(down);
        return down;
    }

    private List<Value> bottomUp(List<Value> maps) {
        var up = new ArrayList<>(List.of(maps.getFirst()));
        for (int i = 0; i < maps.size() - 1; i++) {
            Value smaller = halved(encoder.at("downsample_convs", i), up.getLast());
            up.add(join(encoder.at("pan_blocks", i), smaller, maps.get(i + 1)));
        }
        return up;
    }

    /** D-FINE: a pointwise, then a depthwise convolution. */
    private Value halved(Layer layer, Value x) {
        if (!fine) {
            return convNorm(layer, x, 2).activated(activation);
        }
        Value pointwise = convNorm(layer.at("conv1"), x, 1);
        Conv depthwise = Conv.stride(2).padded(1).grouped(x.width(1)).unbiased();
        return layer.batchNorm("conv2.norm", layer.conv("conv2.conv", pointwise, depthwise), eps);
    }

    private Value join(Layer block, Value a, Value b) {
        Value x = Graph.concat(1, a, b);
        return fine ? elan(block, x) : csp(block, x, 3);
    }

    /** RT-DETR's block. */
    private Value csp(Layer block, Value x, int bottlenecks) {
        Value y = convNorm(block.at("conv1"), x, 1).activated(activation);
        for (Layer bottleneck : block.list("bottlenecks", bottlenecks)) {
            Value wide = convNorm(bottleneck.at("conv1"), y, 1);
            y = wide.plus(convNorm(bottleneck.at("conv2"), y, 1)).activated(activation);
        }
        y = y.plus(convNorm(block.at("conv2"), x, 1).activated(activation));
        return block.has("conv3.conv.weight")
                ? convNorm(block.at("conv3"), y, 1).activated(activation)
                : y;
    }

    /** D-FINE's block: four branches, each made from the one before it. Its own convolutions are always followed by SiLU. */
    private Value elan(Layer block, Value x) {
        int bottlenecks = (int) Math.rint(3 * config.decimal("depth_mult", 1));
        Value first = convNorm(block.at("conv1"), x, 1).silu();
        int half = first.width(1) / 2;
        List<Value> halves = first.split(1, half, half);
        Value third = csp(block.at("csp_rep1"), halves.get(1), bottlenecks);
        third = convNorm(block.at("conv2"), third, 1).silu();
        Value fourth = csp(block.at("csp_rep2"), third, bottlenecks);
        fourth = convNorm(block.at("conv3"), fourth, 1).silu();
        Value all = Graph.concat(1, halves.get(0), halves.get(1), third, fourth);
        return convNorm(block.at("conv4"), all, 1).silu();
    }

    private Value convNorm(Layer layer, Value x, int stride) {
        int kernel = layer.stored("conv.weight", 2);
        Conv how = Conv.stride(stride).padded((kernel - 1) / 2).unbiased();
        return layer.batchNorm("norm", layer.conv("conv", x, how), eps);
    }
}
