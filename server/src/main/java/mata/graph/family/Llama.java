package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;
import org.jspecify.annotations.Nullable;

/**
 * The language half of models that write about pictures: Llama, and Qwen2, which has biases on q, k and v. Two graphs, named as
 * in the exports: {@code embed_tokens} and {@code decoder_model_merged}, which takes any number of tokens and the cache.
 *
 * @param prefix of the layers, {@code model.text_model}
 * @param head of the output matrix, {@code lm_head}; where it is not stored, the embeddings serve
 * @param config of the language model
 */
record Llama(String prefix, String head, Config config) {

    private static final int LONGEST = 32_768;

    /** The fused operator turns heads of multiples of this width only. */
    private static final int TURNED_AT_ONCE = 16;

    /** Positions that are not stretched. */
    static boolean reads(Config config) {
        Config scaling = config.child("rope_scaling");
        String kind = scaling.text("rope_type", scaling.text("type", "default"));
        return List.of("default", "mrope").contains(kind);
    }

    private int heads() {
        return config.integer("num_attention_heads", 32);
    }

    private int shared() {
        return config.integer("num_key_value_heads", heads());
    }

    private int headWidth() {
        return config.integer("head_dim", config.integer("hidden_size", 4096) / heads());
    }

    private double eps() {
        return config.decimal("rms_norm_eps", 1e-6);
    }

    Graph embedTokens(SafeTensors weights) {
        Graph graph = new Graph("embed_tokens", weights);
        Value ids = graph.input("input_ids", Type.INT64, "batch_size", "sequence_length");
        graph.output("inputs_embeds", graph.root().at(prefix).embedding("embed_tokens", ids));
        return graph;
    }

    Graph decoder(SafeTensors weights) {
        Graph graph = new Graph("decoder_model_merged", weights);
        String d = Integer.toString(config.integer("hidden_size", 4096));
        Value x = graph.input("inputs_embeds", Type.FLOAT, "batch_size", "sequence_length", d);
        Value mask = graph.input("attention_mask", Type.INT64, "batch_size", "total_sequence_length");
        Places places = places(x, mask);
        Value kept = graph.input("num_logits_to_keep", Type.INT64);

        Attention.Seen seen = Attention.Seen.of(mask);
        String[] past = {"batch_size", Integer.toString(shared()), "past_sequence_length", Integer.toString(headWidth())
        };
        List<Layer> layers = graph.root().at(prefix).list("layers", config.integer("num_hidden_layers", 32));
        for (int i = 0; i < layers.size(); i++) {
            Value keys = graph.input("past_key_values." + i + ".key", Type.FLOAT, past);
            Value values = graph.input("past_key_values." + i + ".value", Type.FLOAT, past);
            Layer layer = layers.get(i);
            Value y = layer.rmsNorm("input_layernorm", x, eps());
            Attention.Step step = attention(layer.at("self_attn"), y, places, seen, keys, values);
            x = x.plus(layer.linear("self_attn.o_proj", step.out(), false));
            x = x.plus(mlp(layer.at("mlp"), layer.rmsNorm("post_attention_layernorm", x, eps())));
            graph.output("present." + i + ".key", step.keys());
            graph.output("present." + i + ".value", step.values());
        }
        graph.output("logits", logits(graph.root(), x, kept));
        return graph;
    }

    /** Of the last tokens only: the others' are never asked for, and the vocabulary is wide. */
    private Value logits(Layer root, Value x, Value kept) {
        Size length = x.size(1);
        Size from = length.plus(new Size.Measured(kept.unsqueeze(0)).times(-1));
        Value last = root.at(prefix).rmsNorm("norm", x.between(1, from, length), eps());
        return root.linear(root.has(head + ".weight") ? head : prefix + ".embed_tokens", last, false);
    }

    private Value mlp(Layer mlp, Value x) {
        Value gate = mlp.linear("gate_proj", x, false).activated(config.text("hidden_act", "silu"));
        return mlp.linear("down_proj", gate.times(mlp.linear("up_proj", x, false)), false);
    }

    private Attention.Step attention(
            Layer attention, Value x, Places places, Attention.Seen seen, Value pastKeys, Value pastValues) {
        boolean biased = attention.has("q_proj.bias");
        Value q = attention.linear("q_proj", x, biased);
        Value k = attention.linear("k_proj", x, biased);
        Value v = attention.linear("v_proj", x, biased);
        if (places.turns() == null) {
            q = places.turned(q, heads());
            k = places.turned(k, shared());
        }
        return Attention.grouped(q, k, v, heads(), shared(), seen, places.turns(), pastKeys, pastValues);
    }

    /** Where tokens are: counted on from those in the cache, unless the caller says. */
    private Places places(Value x, Value mask) {
        Graph graph = x.graph();
        Value speeds = speeds(graph);
        List<Integer> sections = config.child("rope_scaling").integers("mrope_section", List.of());
        if (!sections.isEmpty()) {
            return new Places(null, sectioned(graph, speeds, sections));
        }
        if (headWidth() % TURNED_AT_ONCE != 0) {
            Size past = mask.size(1).plus(x.size(1).times(-1));
            Value places = graph.range(x.size(1)).plus(past.in(graph)).cast(Type.FLOAT);
            return new Places(null, places.unsqueeze(1).times(speeds).unsqueeze(0));
        }
        Size longest = Size.of(Math.min(LONGEST, config.integer("max_position_embeddings", 2048)));
        Value angles = graph.range(longest).cast(Type.FLOAT).unsqueeze(1).times(speeds);
        return new Places(new Attention.Turns(angles.cos(), angles.sin()), null);
    }

    /** How far each feature turns from one place to the next. */
    private Value speeds(Graph graph) {
        double theta = config.decimal("rope_theta", 10_000);
        float[] speeds = new float[headWidth() / 2];
        for (int i = 0; i < speeds.length; i++) {
            speeds[i] = (float) Math.pow(theta, -2.0 * i / headWidth());
        }
        return graph.floats(speeds, speeds.length);
    }

    /** Qwen2-VL's tokens have three places each, and a part of every head turns with each of them. */
    private static Value sectioned(Graph graph, Value speeds, List<Integer> sections) {
        Value ids = graph.input("position_ids", Type.INT64, "3", "batch_size", "sequence_length");
        Value all = ids.cast(Type.FLOAT).unsqueeze(-1).times(speeds);
        Value[] parts = new Value[sections.size()];
        int from = 0;
        for (int i = 0; i < parts.length; i++) {
            parts[i] = all.at(0, i).slice(-1, from, from + sections.get(i));
            from += sections.get(i);
        }
        return Graph.concat(-1, parts);
    }

    /**
     * How q and k are turned.
     *
     * @param turns for the fused operator, by the token's index; or
     * @param angles of every token, [n, s, d / heads / 2]
     */
    private record Places(
            Attention.@Nullable Turns turns, @Nullable Value angles) {

        Value turned(Value x, int heads) {
            if (angles == null) {
                return x;
            }
            return Rotary.turned(
                            x.reshape(Size.keep(), x.size(1), Size.of(heads), Size.of(x.width(2) / heads)),
                            angles.unsqueeze(2))
                    .reshape(Size.keep(), x.size(1), Size.of(x.width(2)));
        }
    }
}
