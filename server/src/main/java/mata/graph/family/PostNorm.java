package mata.graph.family;

import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Layer;
import mata.graph.build.Value;

/**
 * The transformer layers that DETR and its descendants share: every step is added, then normed; positions are added to queries
 * and keys, never to values.
 */
record PostNorm(int heads, String activation, double eps) {

    private static final double EPS = 1e-5;

    static PostNorm of(Config config, String heads) {
        return new PostNorm(config.integer(heads, 8), config.text("activation_function", "relu"), EPS);
    }

    Value selfAttend(Layer layer, Value x, Value positions) {
        Value placed = x.plus(positions);
        Value attended = attention(layer.at("self_attn"), placed, placed, x, heads);
        return layer.layerNorm("self_attn_layer_norm", x.plus(attended), eps);
    }

    Value crossAttend(Layer layer, Value x, Value places, Value memory, Value positions) {
        Value attended = attention(layer.at("encoder_attn"), x.plus(places), memory.plus(positions), memory, heads);
        return layer.layerNorm("encoder_attn_layer_norm", x.plus(attended), eps);
    }

    Value feedForward(Layer layer, Value x) {
        Value wide = layer.linear("fc1", x).activated(activation);
        return layer.layerNorm("final_layer_norm", x.plus(layer.linear("fc2", wide)), eps);
    }

    /** Multi-head attention under the names {@code q_proj, k_proj, v_proj, out_proj}. */
    static Value attention(Layer attention, Value queries, Value keys, Value values, int heads) {
        Value q = attention.linear("q_proj", queries);
        Value k = attention.linear("k_proj", keys);
        Value v = attention.linear("v_proj", values);
        return attention.linear("out_proj", Attention.full(q, k, v, heads));
    }
}
