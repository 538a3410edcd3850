package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Value;
import mata.safetensors.SafeTensors;

/** ResNet as a classifier, and its stages as others use them; RT-DETR's variant has a stem of three and shortcuts that average. */
final class ResNet implements Family {

    private static final double EPS = 1e-5;

    @Override
    public boolean reads(Config config) {
        return Family.hasHead(config, "ForImageClassification");
    }

    @Override
    public List<Graph> graphs(Config config, SafeTensors weights) {
        Graph graph = new Graph("model", weights);
        Value map = stages(graph.root().at("resnet"), config, Pixels.free(graph, config))
                .getLast();
        graph.output("logits", graph.root().linear("classifier.1", map.globalAverage(), config.labels()));
        return List.of(graph);
    }

    /** The map after every stage, at strides 4, 8, 16 and 32. */
    static List<Value> stages(Layer resnet, Config config, Value pixels) {
        String activation = config.text("hidden_act", "relu");
        Value x = stem(resnet.at("embedder"), activation, pixels).maxPool(3, 2, 1);
        List<Integer> depths = config.integers("depths", List.of(3, 4, 6, 3));
        var maps = new ArrayList<Value>();
        for (int stage = 0; stage < depths.size(); stage++) {
            int stride = stage > 0 || config.flag("downsample_in_first_stage", false) ? 2 : 1;
            for (Layer block : resnet.list("encoder.stages." + stage + ".layers", depths.get(stage))) {
                x = block(block, config, x, stride);
                stride = 1;
            }
            maps.add(x);
        }
        return maps;
    }

    private static Value stem(Layer embedder, String activation, Value pixels) {
        if (embedder.has("embedder.convolution.weight")) {
            return convNorm(embedder.at("embedder"), pixels, 2).activated(activation);
        }
        Value x = pixels;
        for (int i = 0; i < 3; i++) {
            x = convNorm(embedder.at("embedder", i), x, i == 0 ? 2 : 1).activated(activation);
        }
        return x;
    }

    private static Value block(Layer block, Config config, Value x, int stride) {
        String activation = config.text("hidden_act", "relu");
        boolean basic = config.text("layer_type", "bottleneck").equals("basic");
        int strided = basic || config.flag("downsample_in_bottleneck", false) ? 0 : 1;
        List<Layer> convs = block.list("layer", basic ? 2 : 3);
        Value y = x;
        for (int i = 0; i < convs.size(); i++) {
            y = convNorm(convs.get(i), y, i == strided ? stride : 1);
            y = i < convs.size() - 1 ? y.activated(activation) : y;
        }
        return y.plus(shortcut(block, x, stride)).activated(activation);
    }

    private static Value shortcut(Layer block, Value x, int stride) {
        if (block.has("shortcut.1.convolution.weight")) {
            return convNorm(block.at("shortcut.1"), x.averagePool(2, 2), 1);
        }
        return block.has("shortcut.convolution.weight") ? convNorm(block.at("shortcut"), x, stride) : x;
    }

    private static Value convNorm(Layer layer, Value x, int stride) {
        int kernel = layer.stored("convolution.weight", 2);
        Value map = layer.conv(
                "convolution", x, Conv.stride(stride).padded(kernel / 2).unbiased());
        return layer.batchNorm("normalization", map, EPS);
    }
}
