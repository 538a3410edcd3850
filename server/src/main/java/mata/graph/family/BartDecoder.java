package mata.graph.family;

import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import org.jspecify.annotations.Nullable;

/**
 * BART's decoder, which TrOCR and Florence-2 write with, as the merged exports have it: one graph for the first step and for all
 * others. What the decoder remembers of the encoder is computed when {@code use_cache_branch} is false and given back; later it
 * comes in again, and nothing is computed.
 */
final class BartDecoder {

    private static final double EPS = 1e-5;

    private final Layer decoder;
    private final int d;
    private final int heads;
    private final int layers;
    private final String activation;
    private final Config config;

    /** @param config of the decoder, in BART's words */
    BartDecoder(Layer decoder, Config config) {
        this.decoder = decoder;
        this.config = config;
        this.d = config.integer("d_model", 1024);
        this.heads = config.integer("decoder_attention_heads", 16);
        this.layers = config.integer("decoder_layers", 12);
        this.activation = config.text("activation_function", "gelu");
    }

    /**
     * The hidden states [n, s, d] of the tokens; adds the inputs and outputs of the cache to the graph.
     *
     * @param embedded the tokens without their places, [n, s, d]
     * @param memory the encoder's output, [n, t, d']; only its first use counts
     * @param mask INT64 [n, t], or null where every token of the encoder is seen
     */
    Value decode(Value embedded, Value memory, @Nullable Value mask) {
        Graph graph = decoder.graph();
        Value cached = graph.input("use_cache_branch", Type.BOOL, "1");
        Size wanted =
                new Size.Measured(cached.choose(graph.longs(0), memory.size(1).in(graph)));
        Value fresh = memory.first(1, wanted);

        String[] past = {
            "batch_size", Integer.toString(heads), "past_decoder_sequence_length", Integer.toString(d / heads)
        };
        String[] seen = {
            "batch_size", Integer.toString(heads), "encoder_sequence_length_past", Integer.toString(d / heads)
        };
        Value bias = null;
        Value x = embedded;
        for (int i = 0; i < layers; i++) {
            String name = "past_key_values." + i + ".";
            Value pastKeys = graph.input(name + "decoder.key", Type.FLOAT, past);
            Value pastValues = graph.input(name + "decoder.value", Type.FLOAT, past);
            Value seenKeys = graph.input(name + "encoder.key", Type.FLOAT, seen);
            Value seenValues = graph.input(name + "encoder.value", Type.FLOAT, seen);
            if (bias == null) {
                x = placed(embedded, pastKeys.size(2));
                bias = Masks.causal(graph, pastKeys.size(2), x.size(1));
            }
            Layer layer = decoder.at("layers", i);
            Attention.Step own = remembered(layer.at("self_attn"), x, bias, pastKeys, pastValues);
            x = layer.layerNorm("self_attn_layer_norm", x.plus(own.out()), EPS);

            Layer cross = layer.at("encoder_attn");
            Value keys = byHead(cross.linear("k_proj", fresh));
            Value values = byHead(cross.linear("v_proj", fresh));
            Value attended = Attention.toReady(
                    cross.linear("q_proj", x),
                    Graph.concat(2, seenKeys, keys),
                    Graph.concat(2, seenValues, values),
                    heads,
                    mask);
            x = layer.layerNorm("encoder_attn_layer_norm", x.plus(cross.linear("out_proj", attended)), EPS);

            Value wide = layer.linear("fc1", x).activated(activation);
            x = layer.layerNorm("final_layer_norm", x.plus(layer.linear("fc2", wide)), EPS);
            present(i, own, keys, values);
        }
        return x;
    }

    private void present(int layer, Attention.Step own, Value keys, Value values) {
        Graph graph = decoder.graph();
        graph.output("present." + layer + ".decoder.key", own.keys());
        graph.output("present." + layer + ".decoder.value", own.values());
        graph.output("present." + layer + ".encoder.key", keys);
        graph.output("present." + layer + ".encoder.value", values);
    }

    private Attention.Step remembered(Layer attention, Value x, Value bias, Value pastKeys, Value pastValues) {
        Attention.Step step = Attention.remembering(
                attention.linear("q_proj", x),
                attention.linear("k_proj", x),
                attention.linear("v_proj", x),
                heads,
                bias,
                pastKeys,
                pastValues);
        return new Attention.Step(attention.linear("out_proj", step.out()), step.keys(), step.values());
    }

    /** [n, t, d] to [n, heads, t, d / heads]. */
    private Value byHead(Value x) {
        return x.reshapeEmpty(x.size(0), x.size(1), Size.of(heads), Size.of(d / heads))
                .transpose(0, 2, 1, 3);
    }

    /** Places count from 2, for reasons of old. */
    private Value placed(Value embedded, Size past) {
        Graph graph = decoder.graph();
        Value scaled = config.flag("scale_embedding", false) ? embedded.times(Math.sqrt(d)) : embedded;
        Value places = graph.range(embedded.size(1)).plus(past.plus(2).in(graph));
        Value x = scaled.plus(
                config.flag("use_learned_position_embeddings", true)
                        ? decoder.embedding("embed_positions", places)
                        : waves(places));
        return config.flag("layernorm_embedding", true) ? decoder.layerNorm("layernorm_embedding", x, EPS) : x;
    }

    /** Sines in the first half of the features, cosines in the second. */
    private Value waves(Value places) {
        int half = d / 2;
        float[] speeds = new float[half];
        for (int i = 0; i < half; i++) {
            speeds[i] = (float) Math.exp(-i * Math.log(10_000) / (half - 1));
        }
        Value angles =
                places.cast(Type.FLOAT).unsqueeze(-1).times(places.graph().floats(speeds, half));
        return Graph.concat(-1, angles.sin(), angles.cos());
    }
}
