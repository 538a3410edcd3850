package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Resizing;
import mata.graph.build.Size;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** Depth-Anything, first and second version, relative and metric: DINOv2 with a dense head. */
final class DepthAnything implements Family {

    @Override
    public boolean reads(Config config) {
        return config.child("backbone_config").modelType().equals("dinov2")
                && config.child("backbone_config").flag("apply_layernorm", true);
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer root = graph.root();
        Config backbone = config.child("backbone_config");
        Dinov2.Tokens tokens = Dinov2.Tokens.of(root.at("backbone"), backbone, Pixels.free(graph, backbone));

        List<Double> factors = config.decimals("reassemble_factors", List.of(4.0, 2.0, 1.0, 0.5));
        List<Value> chosen = chosen(tokens.afterBlocks(), backbone);
        var maps = new ArrayList<Value>();
        for (int i = 0; i < chosen.size(); i++) {
            Value normed =
                    root.layerNorm("backbone.layernorm", chosen.get(i), backbone.decimal("layer_norm_eps", 1e-6));
            Value map = normed.from(1, 1).tokensToMap(tokens.height(), tokens.width());
            maps.add(DenseNeck.reassembled(root.at("neck.reassemble_stage.layers", i), map, factors.get(i)));
        }
        Value fused = DenseNeck.fusedToNextSize(root.at("neck"), maps);
        graph.output("predicted_depth", depth(root.at("head"), config, fused, tokens));
        return List.of(graph);
    }

    private static List<Value> chosen(List<Value> afterBlocks, Config backbone) {
        List<String> features = backbone.texts("out_features");
        List<Integer> blocks = features.isEmpty()
                ? backbone.integers("out_indices", List.of(afterBlocks.size()))
                : features.stream()
                        .map(each -> Integer.valueOf(each.replace("stage", "")))
                        .toList();
        return blocks.stream().map(block -> afterBlocks.get(block - 1)).toList();
    }

    /** [n, height, width]. */
    private static Value depth(Layer head, Config config, Value map, Dinov2.Tokens tokens) {
        int patch = config.integer("patch_size", 14);
        Size height = tokens.height().times(patch);
        Size width = tokens.width().times(patch);
        Value x = head.conv("conv1", map, Conv.pad(1)).resize(Resizing.BILINEAR_CORNERS, height, width);
        x = head.conv("conv2", x, Conv.pad(1)).relu();
        x = head.conv("conv3", x, Conv.pointwise());
        boolean metric = config.text("depth_estimation_type", "relative").equals("metric");
        return (metric ? x.sigmoid() : x.relu())
                .times(config.decimal("max_depth", 1))
                .squeeze(1);
    }
}
