package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Resizing;
import mata.graph.build.Size;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** YOLOS: a ViT whose last tokens are detections. Positions stretch to the picture. */
final class Yolos implements Family {

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        int detections = config.integer("num_detection_tokens", 100);
        Value x = encode(graph.root().at("vit"), config, Pixels.free(graph, config), detections)
                .slice(1, -detections, Long.MAX_VALUE)
                .reshape(0, detections, config.integer("hidden_size", 768));
        graph.output("logits", Mlp.of(graph.root().at("class_labels_classifier"), x, 3));
        graph.output(
                "pred_boxes", Mlp.of(graph.root().at("bbox_predictor"), x, 3).sigmoid());
        return List.of(graph);
    }

    private static Value encode(Layer vit, Config config, Value pixels, int detections) {
        Layer embeddings = vit.at("embeddings");
        int patch = config.sides("patch_size", 16).height();
        Value map = embeddings.conv("patch_embeddings.projection", pixels, Conv.stride(patch));
        Size height = map.size(2);
        Size width = map.size(3);
        int d = map.width(1);
        Value found = embeddings
                .tensor("detection_tokens", 1, detections, d)
                .expand(pixels.size(0), Size.of(detections), Size.of(d));
        Value x =
                VitEncoder.prepend(embeddings.tensor("cls_token", 1, 1, d), Graph.concat(1, map.mapToTokens(), found));

        Config.Sides trained = config.sides("image_size", 512);
        var grid = new Config.Sides(trained.height() / patch, trained.width() / patch);
        int tokens = 1 + grid.height() * grid.width() + detections;
        x = x.plus(stretched(embeddings.tensor("position_embeddings", 1, tokens, d), grid, detections, height, width));

        VitEncoder encoder = VitEncoder.of(config, VitEncoder.Names.VIT, 1e-12);
        int layers = config.integer("num_hidden_layers", 12);
        List<Layer> blocks = vit.list("encoder.layer", layers);
        for (int i = 0; i < layers; i++) {
            x = encoder.block(blocks.get(i), x);
            if (i < layers - 1 && config.flag("use_mid_position_embeddings", true)) {
                Value middle = vit.tensor("encoder.mid_position_embeddings", layers - 1, 1, tokens, d)
                        .at(0, i);
                x = x.plus(stretched(middle, grid, detections, height, width));
            }
        }
        return vit.layerNorm("layernorm", x, encoder.eps());
    }

    /** [1, CLS + patches + detections, d] with the patches' part resized. */
    private static Value stretched(Value table, Config.Sides grid, int detections, Size height, Size width) {
        int patches = grid.height() * grid.width();
        List<Value> parts = table.split(1, 1, patches, detections);
        Value resized = Positions.resized(parts.get(1), grid, Resizing.BICUBIC, height, width);
        return Graph.concat(1, parts.get(0), resized, parts.get(2));
    }
}
