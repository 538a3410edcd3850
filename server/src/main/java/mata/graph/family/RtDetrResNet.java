package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Layer;
import mata.graph.build.Value;

/** RT-DETR's ResNet: a stem of three convolutions, and shortcuts that average before they project. */
final class RtDetrResNet {

    private static final double EPS = 1e-5;

    private RtDetrResNet() {}

    /** The map after every stage, at strides 4, 8, 16 and 32. */
    static List<Value> stages(Layer resnet, Config config, Value pixels) {
        String activation = config.text("hidden_act", "relu");
        Value x = pixels;
        for (int i = 0; i < 3; i++) {
            x = convNorm(resnet.at("embedder.embedder", i), x, i == 0 ? 2 : 1).activated(activation);
        }
        x = x.maxPool(3, 2, 1);
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
