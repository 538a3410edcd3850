package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;
import org.jspecify.annotations.Nullable;

/** BEiT as a classifier: a ViT whose tokens know their distances, and whose blocks are scaled. */
final class Beit implements Family {

    private static final double EPS = 1e-12;
    private static final String TABLE = "relative_position_bias.relative_position_bias_table";

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForImageClassification");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer beit = graph.root().at("beit");
        Value x = encode(beit, config, Pixels.fixed(graph, config, 224));
        Value pooled = config.flag("use_mean_pooling", true)
                ? beit.layerNorm("pooler.layernorm", x.from(1, 1).mean(1), eps(config))
                : beit.layerNorm("layernorm", x.at(1, 0), eps(config));
        graph.output("logits", graph.root().linear("classifier", pooled, config.labels()));
        return List.of(graph);
    }

    private static double eps(Config config) {
        return config.decimal("layer_norm_eps", EPS);
    }

    private static Value encode(Layer beit, Config config, Value pixels) {
        Layer embeddings = beit.at("embeddings");
        Conv patches = Conv.stride(config.integer("patch_size", 16));
        Value map = embeddings.conv("patch_embeddings.projection", pixels, patches);
        Value x = map.mapToTokens();
        x = VitEncoder.prepend(embeddings.tensor("cls_token", 1, 1, x.width(2)), x);
        if (config.flag("use_absolute_position_embeddings", false)) {
            x = x.plus(embeddings.tensor("position_embeddings", 1, x.width(1), x.width(2)));
        }
        var window = new Window(map.width(2), map.width(3), config.integer("num_attention_heads", 12));
        Value shared = config.flag("use_shared_relative_position_bias", false) ? window.bias(beit.at("encoder")) : null;
        for (Layer block : beit.list("encoder.layer", config.integer("num_hidden_layers", 12))) {
            x = block(block, config, x, window, shared);
        }
        return x;
    }

    private static Value block(Layer block, Config config, Value x, Window window, @Nullable Value shared) {
        Layer attention = block.at("attention.attention");
        Value bias = shared == null && attention.has(TABLE) ? window.bias(attention) : shared;
        Value y = block.layerNorm("layernorm_before", x, eps(config));
        Value q = attention.linear("query", y);
        Value k = attention.linear("key", y, false);
        Value v = attention.linear("value", y);
        Value attended = bias == null
                ? Attention.full(q, k, v, window.heads())
                : Attention.biased(q, k, v, window.heads(), bias);
        x = x.plus(scaled(block, "lambda_1", block.linear("attention.output.dense", attended)));
        Value wide = block.linear("intermediate.dense", block.layerNorm("layernorm_after", x, eps(config)))
                .activated(config.text("hidden_act", "gelu"));
        return x.plus(scaled(block, "lambda_2", block.linear("output.dense", wide)));
    }

    private static Value scaled(Layer block, String scale, Value x) {
        return block.has(scale) ? x.times(block.tensor(scale, x.width(-1))) : x;
    }

    /** The patches' grid, over which a table holds one number for every distance and head. */
    private record Window(int height, int width, int heads) {

        /** [1, heads, tokens, tokens]. */
        Value bias(Layer owner) {
            int distances = (2 * height - 1) * (2 * width - 1);
            int tokens = height * width + 1;
            return owner.tensor(TABLE, distances + 3, heads)
                    .rows(owner.graph().longTable(index(distances), tokens, tokens))
                    .transpose(2, 0, 1)
                    .unsqueeze(0);
        }

        /** Which row of the table two tokens use; the last three rows: CLS to patch, patch to CLS, CLS to itself. */
        private long[] index(int distances) {
            int tokens = height * width + 1;
            long[] index = new long[tokens * tokens];
            for (int a = 1; a < tokens; a++) {
                for (int b = 1; b < tokens; b++) {
                    int rows = (a - 1) / width - (b - 1) / width + height - 1;
                    int columns = (a - 1) % width - (b - 1) % width + width - 1;
                    index[a * tokens + b] = (long) rows * (2 * width - 1) + columns;
                }
                index[a] = distances;
                index[a * tokens] = distances + 1L;
            }
            index[0] = distances + 2L;
            return index;
        }
    }
}
