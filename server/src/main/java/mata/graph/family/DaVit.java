package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Conv;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/** DaViT: blocks in which cells attend to their window, then channels to each other over the whole map. */
record DaVit(Config config) {

    private static final double EPS = 1e-5;

    /** [n, d, height / 32, width / 32]. */
    Value encode(Layer tower, Value pixels) {
        List<Integer> depths = config.integers("depths", List.of(1, 1, 9, 1));
        Value map = pixels;
        for (int stage = 0; stage < depths.size(); stage++) {
            map = embedded(tower.at("convs", stage), stage, map);
            for (Layer block : tower.list("blocks." + stage, depths.get(stage))) {
                map = block(block.at("spatial_block"), stage, map, true);
                map = block(block.at("channel_block"), stage, map, false);
            }
        }
        return map;
    }

    /** The first stage norms what the convolution gives, the others what it takes. */
    private Value embedded(Layer embed, int stage, Value map) {
        Conv how = Conv.stride(
                        config.integers("patch_stride", List.of(4, 2, 2, 2)).get(stage))
                .padded(config.integers("patch_padding", List.of(3, 1, 1, 1)).get(stage));
        return stage == 0
                ? embed.channelNorm("norm", embed.conv("conv", map, how), EPS)
                : embed.conv("conv", embed.channelNorm("norm", map, EPS), how);
    }

    private Value block(Layer block, int stage, Value map, boolean spatial) {
        Size height = map.size(2);
        Size width = map.size(3);
        Value x = moved(block, "conv1", map);
        Value y = block.layerNorm("norm1", x, EPS);
        x = x.plus(
                spatial
                        ? windows(block.at("window_attn"), stage, y, height, width)
                        : channels(block.at("channel_attn"), stage, y));
        x = moved(block, "conv2", x.tokensToMap(height, width));
        Value wide = block.linear("ffn.fc1", block.layerNorm("norm2", x, EPS));
        x = x.plus(block.linear("ffn.fc2", wide.activated(config.text("activation_function", "gelu"))));
        return x.tokensToMap(height, width);
    }

    /** A depthwise convolution is added; then the map becomes tokens. */
    private static Value moved(Layer block, String conv, Value map) {
        return map.plus(block.conv(conv, map, Conv.pad(1).grouped(map.width(1))))
                .mapToTokens();
    }

    private Value windows(Layer attention, int stage, Value x, Size height, Size width) {
        int d = x.width(2);
        int heads = config.integers("num_heads", List.of(4, 8, 16, 32)).get(stage);
        var windows = new Windows(config.integer("window_size", 12), height, width);
        Value map = Swin.Tokens.map(x, height, width).padEnd(1, windows.missingRows(), 2, windows.missingColumns());
        List<Value> parts = attention
                .linear("qkv", windows.cut(map), config.flag("qkv_bias", true))
                .split(2, d, d, d);
        Value attended = attention.linear("proj", Attention.full(parts.get(0), parts.get(1), parts.get(2), heads));
        return windows.joined(attended).first(1, height).first(2, width).reshape(0, -1, d);
    }

    /** Channels of one group look at each other; scores are scaled by the number of tokens. */
    private Value channels(Layer attention, int stage, Value x) {
        int d = x.width(2);
        int groups = config.integers("num_groups", List.of(4, 8, 16, 32)).get(stage);
        Size tokens = x.size(1);
        List<Value> parts =
                attention.linear("qkv", x, config.flag("qkv_bias", true)).split(2, d, d, d);
        Value q = byChannel(parts.get(0), groups);
        Value k = byChannel(parts.get(1), groups);
        Value v = byChannel(parts.get(2), groups);
        Value scale = tokens.in(x.graph()).cast(Type.FLOAT).sqrt();
        Value weights = q.over(scale).matmul(k.transpose(0, 1, 3, 2)).softmax(-1);
        Value seen = weights.matmul(v).transpose(0, 3, 1, 2).reshape(Size.keep(), tokens, Size.of(d));
        return attention.linear("proj", seen);
    }

    /** [n, tokens, d] to [n, groups, d / groups, tokens]. */
    private static Value byChannel(Value x, int groups) {
        return x.reshape(Size.keep(), x.size(1), Size.of(groups), Size.of(x.width(2) / groups))
                .transpose(0, 2, 3, 1);
    }
}
