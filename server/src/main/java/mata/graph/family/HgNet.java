package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import mata.graph.Config;
import mata.graph.build.Conv;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Value;

/** PP-HGNet v2, D-FINE's backbone. Which blocks there are, and whether they are light, is the file's own. */
final class HgNet {

    private static final double EPS = 1e-5;

    private final String activation;

    private HgNet(String activation) {
        this.activation = activation;
    }

    /** The map after every stage, at strides 4, 8, 16 and 32. */
    static List<Value> stages(Layer backbone, Config config, Value pixels) {
        var net = new HgNet(config.text("hidden_act", "relu"));
        Value x = net.stem(backbone.at("embedder"), pixels);
        var maps = new ArrayList<Value>();
        for (Layer stage : backbone.list("encoder.stages", 4)) {
            x = net.stage(stage, x);
            maps.add(x);
        }
        return maps;
    }

    private Value stem(Layer stem, Value pixels) {
        Value x = padded(conv(stem.at("stem1"), pixels, 2));
        Value y = padded(conv(stem.at("stem2a"), x, 1));
        y = conv(stem.at("stem2b"), y, 1);
        x = Graph.concat(1, x.maxPool(2, 1, 0), y);
        return conv(stem.at("stem4"), conv(stem.at("stem3"), x, 2), 1);
    }

    /** One row and one column of zeros at the end. */
    private static Value padded(Value map) {
        return map.padEnd(2, Size.of(1), 3, Size.of(1));
    }

    private Value stage(Layer stage, Value x) {
        if (stage.has("downsample.convolution.weight")) {
            x = convNorm(stage.at("downsample"), x, 2, x.width(1));
        }
        for (int i = 0; i == 0 || stage.has("blocks." + i + ".aggregation.0.convolution.weight"); i++) {
            Value y = block(stage.at("blocks", i), x);
            x = i == 0 ? y : x.plus(y);
        }
        return x;
    }

    /** Every layer's map is kept; two pointwise convolutions join them. */
    private Value block(Layer block, Value x) {
        var maps = new ArrayList<>(List.of(x));
        for (int i = 0; hasLayer(block.at("layers", i)); i++) {
            maps.add(layer(block.at("layers", i), maps.getLast()));
        }
        Value joined = conv(block.at("aggregation.0"), Graph.concat(1, maps), 1);
        return conv(block.at("aggregation.1"), joined, 1);
    }

    private static boolean hasLayer(Layer layer) {
        return layer.has("convolution.weight") || layer.has("conv1.convolution.weight");
    }

    private Value layer(Layer layer, Value x) {
        if (layer.has("convolution.weight")) {
            return conv(layer, x, 1);
        }
        Value pointwise = convNorm(layer.at("conv1"), x, 1, 1);
        return affine(
                layer.at("conv2"),
                convNorm(layer.at("conv2"), pointwise, 1, pointwise.width(1)).activated("relu"));
    }

    private Value conv(Layer layer, Value x, int stride) {
        return affine(layer, convNorm(layer, x, stride, 1).activated(activation));
    }

    /** A learned scale and shift, where there are any. */
    private static Value affine(Layer layer, Value x) {
        return layer.has("lab.scale") ? x.times(layer.tensor("lab.scale", 1)).plus(layer.tensor("lab.bias", 1)) : x;
    }

    private static Value convNorm(Layer layer, Value x, int stride, int groups) {
        int kernel = layer.stored("convolution.weight", 2);
        Conv how = Conv.stride(stride).padded((kernel - 1) / 2).grouped(groups).unbiased();
        return layer.batchNorm("normalization", layer.conv("convolution", x, how), EPS);
    }
}
