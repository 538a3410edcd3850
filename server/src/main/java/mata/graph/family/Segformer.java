package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Attention;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Resizing;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** SegFormer for semantic segmentation. Its norms have torch's own epsilon, whatever the configuration says. */
final class Segformer implements Family {

    private static final double EPS = 1e-5;

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForSemanticSegmentation");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer root = graph.root();
        List<Value> maps = stages(root.at("segformer.encoder"), config, Pixels.free(graph, config));
        graph.output("logits", decoded(root.at("decode_head"), maps));
        return List.of(graph);
    }

    private static List<Value> stages(Layer encoder, Config config, Value pixels) {
        List<Integer> depths = config.integers("depths", List.of(2, 2, 2, 2));
        var maps = new ArrayList<Value>();
        Value map = pixels;
        for (int i = 0; i < depths.size(); i++) {
            map = stage(encoder, config, i, map);
            maps.add(map);
        }
        return maps;
    }

    private static Value stage(Layer encoder, Config config, int stage, Value map) {
        Layer embeddings = encoder.at("patch_embeddings", stage);
        int kernel = config.integers("patch_sizes", List.of(7, 3, 3, 3)).get(stage);
        int stride = config.integers("strides", List.of(4, 2, 2, 2)).get(stage);
        map = embeddings.conv("proj", map, Conv.stride(stride).padded(kernel / 2));
        Value x = embeddings.layerNorm("layer_norm", map.mapToTokens(), EPS);
        int depth = config.integers("depths", List.of(2, 2, 2, 2)).get(stage);
        for (Layer block : encoder.list("block." + stage, depth)) {
            Value y = block.layerNorm("layer_norm_1", x, EPS);
            x = x.plus(attention(block.at("attention"), config, stage, y, map));
            x = x.plus(mixed(block.at("mlp"), config, block.layerNorm("layer_norm_2", x, EPS), map));
        }
        return encoder.layerNorm("layer_norm." + stage, x, EPS).tokensToMap(map.size(2), map.size(3));
    }

    /** Keys and values come from a smaller map where the stage reduces them. */
    private static Value attention(Layer attention, Config config, int stage, Value x, Value map) {
        int heads = config.integers("num_attention_heads", List.of(1, 2, 5, 8)).get(stage);
        int ratio = config.integers("sr_ratios", List.of(8, 4, 2, 1)).get(stage);
        Layer self = attention.at("self");
        Value seen = x;
        if (ratio > 1) {
            Value reduced = self.conv("sr", x.tokensToMap(map.size(2), map.size(3)), Conv.stride(ratio));
            seen = self.layerNorm("layer_norm", reduced.mapToTokens(), EPS);
        }
        Value q = self.linear("query", x);
        Value k = self.linear("key", seen);
        Value v = self.linear("value", seen);
        return attention.linear("output.dense", Attention.full(q, k, v, heads));
    }

    /** A depthwise convolution between the dense layers tells the tokens where they are. */
    private static Value mixed(Layer mlp, Config config, Value x, Value map) {
        Value wide = mlp.linear("dense1", x).tokensToMap(map.size(2), map.size(3));
        Value moved = mlp.conv("dwconv.dwconv", wide, Conv.pad(1).grouped(wide.width(1)));
        return mlp.linear("dense2", moved.mapToTokens().activated(config.text("hidden_act", "gelu")));
    }

    /** [n, labels, h, w] at a quarter of the picture. */
    private static Value decoded(Layer head, List<Value> maps) {
        Value largest = maps.getFirst();
        var same = new ArrayList<Value>();
        for (int i = 0; i < maps.size(); i++) {
            Value map = maps.get(i);
            Value x = head.linear("linear_c." + i + ".proj", map.mapToTokens()).tokensToMap(map.size(2), map.size(3));
            same.addFirst(x.resize(Resizing.BILINEAR, largest.size(2), largest.size(3)));
        }
        Value fused =
                head.conv("linear_fuse", Graph.concat(1, same), Conv.pointwise().unbiased());
        fused = head.batchNorm("batch_norm", fused, EPS).relu();
        return head.conv("classifier", fused, Conv.pointwise());
    }
}
