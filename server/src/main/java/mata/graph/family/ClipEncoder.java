package mata.graph.family;

import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import org.jspecify.annotations.Nullable;

/** The pre-norm transformer of CLIP's two towers, which SigLIP, OWL and others share. */
record ClipEncoder(int layers, int heads, double eps, String activation) {

    static ClipEncoder of(Config tower, int heads, double eps, String activation) {
        return new ClipEncoder(
                tower.integer("num_hidden_layers", 12),
                tower.integer("num_attention_heads", heads),
                tower.decimal("layer_norm_eps", eps),
                tower.text("hidden_act", activation));
    }

    ClipEncoder first(int some) {
        return new ClipEncoder(some, heads, eps, activation);
    }

    /** @param bias added to all scores, [n or 1, 1, s, s]; null where every token sees every other */
    Value encode(Layer encoder, Value x, @Nullable Value bias) {
        for (Layer layer : encoder.list("layers", layers)) {
            x = layer(layer, x, bias);
        }
        return x;
    }

    private Value layer(Layer layer, Value x, @Nullable Value bias) {
        x = x.plus(attention(layer.at("self_attn"), layer.layerNorm("layer_norm1", x, eps), bias));
        return x.plus(mlp(layer.at("mlp"), layer.layerNorm("layer_norm2", x, eps)));
    }

    private Value attention(Layer attention, Value x, @Nullable Value bias) {
        Value q = attention.linear("q_proj", x);
        Value k = attention.linear("k_proj", x);
        Value v = attention.linear("v_proj", x);
        Value attended = bias == null ? Attention.full(q, k, v, heads) : Attention.biased(q, k, v, heads, bias);
        return attention.linear("out_proj", attended);
    }

    Value mlp(Layer mlp, Value x) {
        return mlp.linear("fc2", mlp.linear("fc1", x).activated(activation));
    }
}
