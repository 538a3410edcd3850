package mata.graph.family;

import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Layer;
import mata.graph.build.Value;

/** BERT's encoder. */
final class Bert {

    private static final double EPS = 1e-12;

    private Bert() {}

    /**
     * [n, s, d].
     *
     * @param bias added to all scores, [n, 1, s, s]
     */
    static Value encode(Layer bert, Config config, Value ids, Value kinds, Value places, Value bias) {
        double eps = config.decimal("layer_norm_eps", EPS);
        Layer embeddings = bert.at("embeddings");
        Value x = embeddings
                .embedding("word_embeddings", ids)
                .plus(embeddings.embedding("token_type_embeddings", kinds))
                .plus(embeddings.embedding("position_embeddings", places));
        x = embeddings.layerNorm("LayerNorm", x, eps);
        int heads = config.integer("num_attention_heads", 12);
        for (Layer layer : bert.list("encoder.layer", config.integer("num_hidden_layers", 12))) {
            Layer self = layer.at("attention.self");
            Value attended = Attention.biased(
                    self.linear("query", x), self.linear("key", x), self.linear("value", x), heads, bias);
            Value sum = x.plus(layer.linear("attention.output.dense", attended));
            x = layer.layerNorm("attention.output.LayerNorm", sum, eps);
            Value wide = layer.linear("intermediate.dense", x).activated(config.text("hidden_act", "gelu"));
            x = layer.layerNorm("output.LayerNorm", x.plus(layer.linear("output.dense", wide)), eps);
        }
        return x;
    }
}
