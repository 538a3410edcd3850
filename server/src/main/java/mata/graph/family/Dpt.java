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

/** DPT for depth over its own ViT (not the hybrid). */
final class Dpt implements Family {

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForDepthEstimation")
                && !config.flag("is_hybrid", false)
                && !config.has("backbone_config")
                && !config.has("backbone");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer root = graph.root();
        Value pixels = Pixels.free(graph, config);
        int patch = config.integer("patch_size", 16);
        Value grid = root.conv("dpt.embeddings.patch_embeddings.projection", pixels, Conv.stride(patch));

        List<Double> factors = config.decimals("reassemble_factors", List.of(4.0, 2.0, 1.0, 0.5));
        List<Value> afterBlocks = afterBlocks(root.at("dpt"), config, grid);
        List<Integer> chosen = config.integers("backbone_out_indices", List.of(2, 5, 8, 11));
        Layer stage = root.at("neck.reassemble_stage");
        var maps = new ArrayList<Value>();
        for (int i = 0; i < chosen.size(); i++) {
            Value patches = readOut(stage.at("readout_projects", i), config, afterBlocks.get(chosen.get(i)));
            Value map = patches.tokensToMap(grid.size(2), grid.size(3));
            maps.add(DenseNeck.reassembled(stage.at("layers", i), map, factors.get(i)));
        }
        graph.output("predicted_depth", depth(root.at("head"), DenseNeck.fusedDoubling(root.at("neck"), maps)));
        return List.of(graph);
    }

    private static List<Value> afterBlocks(Layer dpt, Config config, Value grid) {
        Layer embeddings = dpt.at("embeddings");
        int side = config.integer("image_size", 384) / config.integer("patch_size", 16);
        int d = grid.width(1);
        List<Value> positions =
                embeddings.tensor("position_embeddings", 1, 1 + side * side, d).split(1, 1, (long) side * side);
        Value stretched = Positions.resized(
                positions.get(1), new Config.Sides(side, side), Resizing.BILINEAR, grid.size(2), grid.size(3));
        Value cls = embeddings.tensor("cls_token", 1, 1, d).plus(positions.get(0));
        Value x = VitEncoder.prepend(cls, grid.mapToTokens().plus(stretched));
        VitEncoder encoder = VitEncoder.of(config, VitEncoder.Names.VIT, 1e-12);
        var after = new ArrayList<Value>();
        for (Layer block : dpt.list("encoder.layer", config.integer("num_hidden_layers", 12))) {
            x = encoder.block(block, x);
            after.add(x);
        }
        return after;
    }

    /** The patches, with what CLS knows worked in. */
    private static Value readOut(Layer readout, Config config, Value tokens) {
        Value patches = tokens.from(1, 1);
        Value cls = tokens.slice(1, 0, 1);
        return switch (config.text("readout_type", "project")) {
            case "ignore" -> patches;
            case "add" -> patches.plus(cls);
            default -> {
                Value spread = cls.expand(patches.size(0), patches.size(1), Size.of(patches.width(2)));
                yield readout.linear("0", Graph.concat(-1, patches, spread))
                        .activated(config.text("hidden_act", "gelu"));
            }
        };
    }

    /** [n, height, width], sixteen times the patches' grid. */
    private static Value depth(Layer head, Value map) {
        Value x = head.has("projection.weight")
                ? head.conv("projection", map, Conv.pad(1)).relu()
                : map;
        x = head.conv("head.0", x, Conv.pad(1)).enlarge(Resizing.BILINEAR_CORNERS, 2);
        x = head.conv("head.2", x, Conv.pad(1)).relu();
        return head.conv("head.4", x, Conv.pointwise()).relu().squeeze(1);
    }
}
