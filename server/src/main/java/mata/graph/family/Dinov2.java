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

/** DINOv2 as a classifier, and its blocks as others use them. Positions stretch to the picture. */
final class Dinov2 implements Family {

    private static final double EPS = 1e-6;

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForImageClassification");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer dinov2 = graph.root().at("dinov2");
        Value x = Tokens.of(dinov2, config, Pixels.free(graph, config))
                .afterBlocks()
                .getLast();
        x = dinov2.layerNorm("layernorm", x, config.decimal("layer_norm_eps", EPS));
        Value facts = Graph.concat(1, x.at(1, 0), x.from(1, 1).mean(1));
        graph.output("logits", graph.root().linear("classifier", facts, config.labels()));
        return List.of(graph);
    }

    /**
     * CLS and the patches of a grid.
     *
     * @param afterBlocks the tokens after each block, not normed
     */
    record Tokens(List<Value> afterBlocks, Size height, Size width) {

        static Tokens of(Layer dinov2, Config config, Value pixels) {
            Layer embeddings = dinov2.at("embeddings");
            int patch = config.integer("patch_size", 14);
            Value map = embeddings.conv("patch_embeddings.projection", pixels, Conv.stride(patch));
            int d = map.width(1);
            int side = config.integer("image_size", 224) / patch;
            List<Value> positions = embeddings
                    .tensor("position_embeddings", 1, 1 + side * side, d)
                    .split(1, 1, (long) side * side);
            Value stretched = Positions.resized(
                    positions.get(1), new Config.Sides(side, side), Resizing.BICUBIC, map.size(2), map.size(3));
            Value x = map.mapToTokens().plus(stretched);
            x = VitEncoder.prepend(embeddings.tensor("cls_token", 1, 1, d).plus(positions.get(0)), x);

            VitEncoder encoder = VitEncoder.of(config, VitEncoder.Names.DINOV2, EPS);
            var after = new ArrayList<Value>();
            for (Layer block : dinov2.list("encoder.layer", config.integer("num_hidden_layers", 12))) {
                x = encoder.block(block, x);
                after.add(x);
            }
            return new Tokens(after, map.size(2), map.size(3));
        }
    }
}
