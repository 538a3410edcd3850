package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** ConvNeXt and ConvNeXtV2 as classifiers. */
final class ConvNext implements Family {

    private static final double EPS = 1e-6;

    private final String prefix;

    /** @param prefix {@code convnext} or {@code convnextv2} */
    ConvNext(String prefix) {
        this.prefix = prefix;
    }

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForImageClassification");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Layer net = graph.root().at(prefix);
        Conv patches = Conv.stride(config.integer("patch_size", 4));
        Value x = net.conv("embeddings.patch_embeddings", Pixels.free(graph, config), patches);
        x = net.channelNorm("embeddings.layernorm", x, EPS);
        List<Integer> depths = config.integers("depths", List.of(3, 3, 9, 3));
        for (int i = 0; i < depths.size(); i++) {
            Layer stage = net.at("encoder.stages", i);
            if (i > 0) {
                x = stage.channelNorm("downsampling_layer.0", x, EPS);
                x = stage.conv("downsampling_layer.1", x, Conv.stride(2));
            }
            for (Layer layer : stage.list("layers", depths.get(i))) {
                x = x.plus(change(layer, config, x));
            }
        }
        Value pooled = net.layerNorm("layernorm", x.globalAverage(), config.decimal("layer_norm_eps", 1e-12));
        graph.output("logits", graph.root().linear("classifier", pooled, config.labels()));
        return List.of(graph);
    }

    private static Value change(Layer layer, Config config, Value map) {
        Value x = layer.conv("dwconv", map, Conv.pad(3).grouped(map.width(1))).transpose(0, 2, 3, 1);
        x = layer.linear("pwconv1", layer.layerNorm("layernorm", x, EPS)).activated(config.text("hidden_act", "gelu"));
        x = layer.linear("pwconv2", layer.has("grn.weight") ? responses(layer, x) : x);
        if (layer.has("layer_scale_parameter")) {
            x = x.times(layer.tensor("layer_scale_parameter", x.width(-1)));
        }
        return x.transpose(0, 3, 1, 2);
    }

    /** V2's global response normalisation: how strong a feature is over the whole map, against the other features. */
    private static Value responses(Layer layer, Value x) {
        Value strength = x.times(x).sumKept(1).sumKept(2).sqrt();
        Value relative = strength.over(strength.meanKept(-1).plus(1e-6));
        return x.times(relative)
                .times(layer.tensor("grn.weight", 1, 1, 1, x.width(-1)))
                .plus(layer.tensor("grn.bias", 1, 1, 1, x.width(-1)))
                .plus(x);
    }
}
