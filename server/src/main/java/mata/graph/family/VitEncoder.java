package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Value;

/**
 * The vision transformer that many families share: pre-norm blocks over tokens. Checkpoints differ in what they call the
 * norms and the two dense layers.
 */
record VitEncoder(int heads, double eps, String activation, boolean qkvBias, Names names) {

    /** What a checkpoint calls the parts of a block. */
    enum Names {
        VIT("layernorm_before", "layernorm_after", "intermediate.dense", "output.dense"),
        VITPOSE("layernorm_before", "layernorm_after", "mlp.fc1", "mlp.fc2"),
        DINOV2("norm1", "norm2", "mlp.fc1", "mlp.fc2");

        private final String before;
        private final String after;
        private final String wide;
        private final String narrow;

        Names(String before, String after, String wide, String narrow) {
            this.before = before;
            this.after = after;
            this.wide = wide;
            this.narrow = narrow;
        }
    }

    static VitEncoder of(Config config, Names names, double eps) {
        return new VitEncoder(
                config.integer("num_attention_heads", 12),
                config.decimal("layer_norm_eps", eps),
                config.text("hidden_act", "gelu"),
                config.flag("qkv_bias", true),
                names);
    }

    /** {@code x} through one block; layer scales apply where the checkpoint has them. */
    Value block(Layer block, Value x) {
        Value attended = attention(block.at("attention"), block.layerNorm(names.before, x, eps));
        x = x.plus(scaled(block, "layer_scale1.lambda1", attended));
        return x.plus(scaled(block, "layer_scale2.lambda1", mlp(block, block.layerNorm(names.after, x, eps))));
    }

    /**
     * The largest DINOv2 gates one half of the wide layer by the other (SwiGLU); VitPose++ takes its last features from the
     * expert of a data set, here the first.
     */
    private Value mlp(Layer block, Value x) {
        if (block.has("mlp.weights_in.weight")) {
            Value both = block.linear("mlp.weights_in", x);
            int half = both.width(-1) / 2;
            List<Value> halves = both.split(-1, half, half);
            return block.linear("mlp.weights_out", halves.get(0).silu().times(halves.get(1)));
        }
        Value wide = block.linear(names.wide, x).activated(activation);
        Value narrow = block.linear(names.narrow, wide);
        boolean experts = block.has("mlp.experts.0.weight");
        return experts ? Graph.concat(-1, narrow, block.linear("mlp.experts.0", wide)) : narrow;
    }

    private Value attention(Layer attention, Value x) {
        Value q = attention.linear("attention.query", x, qkvBias);
        Value k = attention.linear("attention.key", x, qkvBias);
        Value v = attention.linear("attention.value", x, qkvBias);
        return attention.linear("output.dense", Attention.full(q, k, v, heads));
    }

    private static Value scaled(Layer block, String scale, Value x) {
        return block.has(scale) ? x.times(block.tensor(scale, x.width(-1))) : x;
    }

    /** One learned token, [1, 1, d], in front of every sequence of a batch. */
    static Value prepend(Value token, Value tokens) {
        return Graph.concat(1, token.expand(tokens.size(0), Size.of(1), Size.of(token.width(2))), tokens);
    }
}
