package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** Swin as a classifier, and its stages as others use them: attention inside windows, which every second block shifts. */
final class Swin implements Family {

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForImageClassification");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer swin = graph.root().at("swin");
        Value x = stages(swin, config, Pixels.free(graph, config)).getLast().tokens();
        Value pooled = swin.layerNorm("layernorm", x, eps(config)).mean(1);
        graph.output("logits", graph.root().linear("classifier", pooled, config.labels()));
        return List.of(graph);
    }

    static double eps(Config config) {
        return config.decimal("layer_norm_eps", 1e-5);
    }

    /** What every stage gives, before its map is halved. */
    static List<Tokens> stages(Layer swin, Config config, Value pixels) {
        Tokens x = embedded(swin.at("embeddings"), config, pixels);
        List<Integer> depths = config.integers("depths", List.of(2, 2, 6, 2));
        List<Integer> heads = config.integers("num_heads", List.of(3, 6, 12, 24));
        var stages = new ArrayList<Tokens>();
        for (int i = 0; i < depths.size(); i++) {
            Layer stage = swin.at("encoder.layers", i);
            for (int j = 0; j < depths.get(i); j++) {
                x = x.with(block(stage.at("blocks", j), config, x, heads.get(i), j % 2 == 1));
            }
            stages.add(x);
            if (i < depths.size() - 1) {
                x = halved(stage.at("downsample"), x, eps(config));
            }
        }
        return stages;
    }

    /**
     * A map as its tokens.
     *
     * @param tokens [n, height·width, d]
     */
    record Tokens(Value tokens, Size height, Size width) {

        Tokens with(Value changed) {
            return new Tokens(changed, height, width);
        }

        /** [n, height, width, d]. */
        static Value map(Value tokens, Size height, Size width) {
            return tokens.reshape(Size.keep(), height, width, Size.of(tokens.width(2)));
        }
    }

    private static Tokens embedded(Layer embeddings, Config config, Value pixels) {
        int patch = config.integer("patch_size", 4);
        Value whole = pixels.padEnd(
                2, pixels.size(2).missingTo(patch), 3, pixels.size(3).missingTo(patch));
        Value map = embeddings.conv("patch_embeddings.projection", whole, Conv.stride(patch));
        Value x = embeddings.layerNorm("norm", map.mapToTokens(), eps(config));
        if (config.flag("use_absolute_embeddings", false)) {
            x = x.plus(embeddings.tensor("position_embeddings", 1, -1, x.width(2)));
        }
        return new Tokens(x, map.size(2), map.size(3));
    }

    private static Value block(Layer block, Config config, Tokens x, int heads, boolean shifted) {
        var windows = new Windows(config.integer("window_size", 7), x.height(), x.width());
        Value y = block.layerNorm("layernorm_before", x.tokens(), eps(config));
        y = Tokens.map(y, x.height(), x.width());
        y = y.padEnd(1, windows.missingRows(), 2, windows.missingColumns());
        Size shift = shifted ? windows.shift(y.graph()) : Size.of(0);
        Value parts = windows.cut(rolled(y, shift));
        Value bias = windows.bias(block.at("attention.self"), heads);
        if (shift.known() != 0) {
            bias = windows.apart(bias, shift, x.tokens().size(0));
        }
        Value attended = attention(block.at("attention"), config, parts, heads, bias);
        y = rolledBack(windows.joined(attended), shift).first(1, x.height()).first(2, x.width());
        Value sum = x.tokens().plus(y.reshape(0, -1, y.width(3)));
        Value wide = block.linear("intermediate.dense", block.layerNorm("layernorm_after", sum, eps(config)));
        return sum.plus(block.linear("output.dense", wide.activated(config.text("hidden_act", "gelu"))));
    }

    private static Value attention(Layer attention, Config config, Value x, int heads, Value bias) {
        boolean biased = config.flag("qkv_bias", true);
        Value q = attention.linear("self.query", x, biased);
        Value k = attention.linear("self.key", x, biased);
        Value v = attention.linear("self.value", x, biased);
        return attention.linear("output.dense", Attention.biased(q, k, v, heads, bias));
    }

    private static Value rolled(Value map, Size by) {
        if (by.known() == 0) {
            return map;
        }
        Value rows = Graph.concat(1, map.between(1, by, map.size(1)), map.first(1, by));
        return Graph.concat(2, rows.between(2, by, map.size(2)), rows.first(2, by));
    }

    private static Value rolledBack(Value map, Size by) {
        if (by.known() == 0) {
            return map;
        }
        Size row = map.size(1).plus(by.times(-1));
        Size column = map.size(2).plus(by.times(-1));
        Value rows = Graph.concat(1, map.between(1, row, map.size(1)), map.first(1, row));
        return Graph.concat(2, rows.between(2, column, map.size(2)), rows.first(2, column));
    }

    /** Four neighbours become one token of twice the width; an odd row or column is filled up with zeros. */
    private static Tokens halved(Layer downsample, Tokens x, double eps) {
        Value map = Tokens.map(x.tokens(), x.height(), x.width());
        map = map.padEnd(1, x.height().missingTo(2), 2, x.width().missingTo(2));
        var neighbours = new ArrayList<Value>();
        for (int column = 0; column < 2; column++) {
            for (int row = 0; row < 2; row++) {
                neighbours.add(map.slice(1, row, Long.MAX_VALUE, 2).slice(2, column, Long.MAX_VALUE, 2));
            }
        }
        Value joined = Graph.concat(3, neighbours).reshape(0, -1, 4L * map.width(3));
        Value narrow = downsample.linear("reduction", downsample.layerNorm("norm", joined, eps), false);
        return new Tokens(narrow, x.height().plus(1).over(2), x.width().plus(1).over(2));
    }
}
