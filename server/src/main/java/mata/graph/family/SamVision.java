package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Value;

/** SAM's picture encoder, GOT-OCR2's too: a ViT over maps, most of whose layers see windows only. */
final class SamVision {

    private static final double EPS = 1e-6;

    private final Config config;
    private final int heads;

    private SamVision(Config config) {
        this.config = config;
        this.heads = config.integer("num_attention_heads", 12);
    }

    /** [n, output channels, h, w]. */
    static Value encode(Layer encoder, Config config, Value pixels) {
        var vision = new SamVision(config);
        Value map = encoder.conv("patch_embed.projection", pixels, Conv.stride(config.integer("patch_size", 16)));
        Value x = map.transpose(0, 2, 3, 1);
        if (config.flag("use_abs_pos", true)) {
            x = x.plus(encoder.tensor("pos_embed", 1, x.width(1), x.width(2), x.width(3)));
        }
        List<Integer> global = config.integers("global_attn_indexes", List.of(2, 5, 8, 11));
        int layers = config.integer("num_hidden_layers", 12);
        for (int i = 0; i < layers; i++) {
            x = vision.layer(encoder.at("layers", i), x, !global.contains(i));
        }
        Value y = encoder.conv(
                "neck.conv1", x.transpose(0, 3, 1, 2), Conv.pointwise().unbiased());
        y = encoder.channelNorm("neck.layer_norm1", y, EPS);
        y = encoder.conv("neck.conv2", y, Conv.pad(1).unbiased());
        return encoder.channelNorm("neck.layer_norm2", y, EPS);
    }

    /** @param x [n, h, w, d] */
    private Value layer(Layer layer, Value x, boolean windowed) {
        double eps = config.decimal("layer_norm_eps", EPS);
        Value y = layer.layerNorm("layer_norm1", x, eps);
        x = x.plus(windowed ? inWindows(layer.at("attn"), y) : attention(layer.at("attn"), y));
        Value wide = layer.linear("mlp.lin1", layer.layerNorm("layer_norm2", x, eps));
        return x.plus(layer.linear("mlp.lin2", wide.activated(config.text("hidden_act", "gelu"))));
    }

    private Value inWindows(Layer attention, Value x) {
        int side = config.integer("window_size", 14);
        var windows = new Windows(side, x.size(1), x.size(2));
        Value padded = x.padEnd(1, windows.missingRows(), 2, windows.missingColumns());
        Size d = Size.of(x.width(3));
        Value squares = windows.cut(padded).reshape(Size.keep(), Size.of(side), Size.of(side), d);
        Value attended = attention(attention, squares).reshape(Size.keep(), Size.of((long) side * side), d);
        return windows.joined(attended).first(1, x.size(1)).first(2, x.size(2));
    }

    /**
     * Scores know how far apart two cells are in rows and in columns. Both terms are products of the query with a learned
     * vector, so they are appended to the queries' features, and to the keys' a mark of their row and column: the scores come out
     * of one product, and no bias of tokens x tokens exists.
     */
    private Value attention(Layer attention, Value x) {
        int d = x.width(3);
        int height = x.width(1);
        int width = x.width(2);
        int each = d / heads;
        Value tokens = x.reshape(0, (long) height * width, d);
        List<Value> parts =
                attention.linear("qkv", tokens, config.flag("qkv_bias", true)).split(2, d, d, d);
        Value q = byHead(parts.get(0), height, width);
        Value k = parts.get(1).reshape(0, (long) height * width, heads, each);
        Value placedQ = q.times(1 / Math.sqrt(each)).reshape(0, (long) height * width, heads, each);
        if (config.flag("use_rel_pos", true)) {
            Value rows = rows(attention.tensor("rel_pos_h", 2L * height - 1, each), q);
            Value columns = rows(attention.tensor("rel_pos_w", 2L * width - 1, each), q.transpose(0, 2, 1, 3, 4))
                    .transpose(0, 2, 1, 3, 4);
            placedQ = Graph.concat(-1, placedQ, flat(rows), flat(columns));
            Size batch = x.size(0);
            Value marks = x.graph()
                    .floats(marks(height, width), 1, (long) height * width, 1, (long) height + width)
                    .expand(batch, Size.of((long) height * width), Size.of(heads), Size.of((long) height + width));
            k = Graph.concat(-1, k, marks);
        }
        Value attended = Attention.unscaled(joined(placedQ), joined(k), parts.get(2), heads);
        return attention.linear("proj", attended).reshape(0, height, width, d);
    }

    /** [n, h·w, d] to [n, h, w, heads, d / heads]. */
    private Value byHead(Value tokens, int height, int width) {
        return tokens.reshape(0, height, width, heads, tokens.width(2) / heads);
    }

    /** For q [n, a, b, heads, c]: its products with the vectors of all distances along a, [n, a, b, heads, a]. */
    private Value rows(Value table, Value q) {
        int side = q.width(1);
        int other = q.width(2);
        int each = q.width(4);
        long[] distance = new long[side * side];
        for (int i = 0; i < side * side; i++) {
            distance[i] = i / side - i % side + side - 1L;
        }
        Value vectors = table.rows(q.graph().longTable(distance, side, side)).transpose(0, 2, 1);
        return q.reshape(0, side, (long) other * heads, each).matmul(vectors).reshape(0, side, other, heads, side);
    }

    private static Value flat(Value byCell) {
        return byCell.reshape(0, (long) byCell.width(1) * byCell.width(2), byCell.width(3), byCell.width(4));
    }

    private static Value joined(Value byHead) {
        return byHead.reshape(0, byHead.width(1), (long) byHead.width(2) * byHead.width(3));
    }

    /** For every cell: 1 at its row, and 1 at its column behind the rows. */
    private static float[] marks(int height, int width) {
        float[] marks = new float[height * width * (height + width)];
        for (int cell = 0; cell < height * width; cell++) {
            marks[cell * (height + width) + cell / width] = 1;
            marks[cell * (height + width) + height + cell % width] = 1;
        }
        return marks;
    }
}
