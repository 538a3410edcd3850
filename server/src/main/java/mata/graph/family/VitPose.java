package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Resizing;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** VitPose with its simple or classic decoder. VitPose++, whose experts need a data set's number, is read for the first one (COCO). */
final class VitPose implements Family {

    /** The convolutions start two pixels outside the picture. */
    private static final int PADDING = 2;

    private static final double EPS = 1e-12;

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForPoseEstimation");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Config backbone = config.child("backbone_config");
        Layer tower = graph.root().at("backbone");
        Config.Sides person = new Config.Sides(256, 192);
        Value pixels =
                Pixels.of(graph, backbone, backbone.has("image_size") ? backbone.sides("image_size", 256) : person);
        int patch = backbone.sides("patch_size", 16).height();
        Value map = tower.conv(
                "embeddings.patch_embeddings.projection",
                pixels,
                Conv.stride(patch).padded(PADDING));
        Value x = map.mapToTokens();
        Value positions = tower.tensor("embeddings.position_embeddings", 1, 1 + x.width(1), x.width(2));
        x = x.plus(positions.from(1, 1)).plus(positions.slice(1, 0, 1));

        VitEncoder encoder = VitEncoder.of(backbone, VitEncoder.Names.VITPOSE, EPS);
        for (Layer block : tower.list("encoder.layer", backbone.integer("num_hidden_layers", 12))) {
            x = encoder.block(block, x);
        }
        x = tower.layerNorm("layernorm", x, encoder.eps()).tokensToMap(map.size(2), map.size(3));
        graph.output("heatmaps", heatmaps(graph.root().at("head"), config, x));
        return List.of(graph);
    }

    /** [n, joints, h, w]. */
    private static Value heatmaps(Layer head, Config config, Value map) {
        if (config.flag("use_simple_decoder", true)) {
            Value enlarged = map.relu().enlarge(Resizing.BILINEAR, config.integer("scale_factor", 4));
            return head.conv("conv", enlarged, Conv.pad(1));
        }
        Value x =
                head.batchNorm("batchnorm1", head.deconv("deconv1", map), 1e-5).relu();
        x = head.batchNorm("batchnorm2", head.deconv("deconv2", x), 1e-5).relu();
        return head.conv("conv", x, Conv.pointwise());
    }
}
