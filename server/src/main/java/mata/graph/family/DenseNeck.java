package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import mata.graph.build.Conv;
import mata.graph.build.Layer;
import mata.graph.build.Resizing;
import mata.graph.build.Size;
import mata.graph.build.Value;
import org.jspecify.annotations.Nullable;

/** DPT's neck, which Depth-Anything shares: four maps of one grid become a pyramid, then one map, from small to large. */
final class DenseNeck {

    private static final double EPS = 1e-5;

    private DenseNeck() {}

    /** A map at {@code factor} times the grid: 4, 2, 1 or 0.5. */
    static Value reassembled(Layer layer, Value map, double factor) {
        Value x = layer.conv("projection", map, Conv.pointwise());
        if (factor > 1) {
            return layer.convTransposed("resize", x, (int) factor);
        }
        return factor < 1
                ? layer.conv(
                        "resize", x, Conv.stride((int) Math.rint(1 / factor)).padded(1))
                : x;
    }

    /** Depth-Anything: every fused map grows to the size of the next; the last one doubles. */
    static Value fusedToNextSize(Layer neck, List<Value> maps) {
        List<Value> small = convolved(neck, maps).reversed();
        Value x = null;
        for (int i = 0; i < small.size(); i++) {
            Layer fusion = neck.at("fusion_stage.layers", i);
            x = joined(fusion, x, small.get(i));
            boolean last = i == small.size() - 1;
            Size height = last ? x.size(2).times(2) : small.get(i + 1).size(2);
            Size width = last ? x.size(3).times(2) : small.get(i + 1).size(3);
            x = fusion.conv("projection", x.resize(Resizing.BILINEAR_CORNERS, height, width), Conv.pointwise());
        }
        return Objects.requireNonNull(x, "a pyramid has maps");
    }

    /** DPT: every fused map doubles. */
    static Value fusedDoubling(Layer neck, List<Value> maps) {
        List<Value> small = convolved(neck, maps).reversed();
        Value x = null;
        for (int i = 0; i < small.size(); i++) {
            Layer fusion = neck.at("fusion_stage.layers", i);
            Value joined = joined(fusion, x, small.get(i)).enlarge(Resizing.BILINEAR_CORNERS, 2);
            x = fusion.conv("projection", joined, Conv.pointwise());
        }
        return Objects.requireNonNull(x, "a pyramid has maps");
    }

    private static List<Value> convolved(Layer neck, List<Value> maps) {
        var convolved = new ArrayList<Value>();
        for (int i = 0; i < maps.size(); i++) {
            convolved.add(neck.conv("convs." + i, maps.get(i), Conv.pad(1).unbiased()));
        }
        return convolved;
    }

    /** @param x what was fused so far; null at the smallest map */
    private static Value joined(Layer fusion, @Nullable Value x, Value map) {
        if (x == null) {
            return residual(fusion.at("residual_layer2"), map);
        }
        Value fitted = map.resize(Resizing.BILINEAR, x.size(2), x.size(3));
        return residual(fusion.at("residual_layer2"), x.plus(residual(fusion.at("residual_layer1"), fitted)));
    }

    private static Value residual(Layer layer, Value x) {
        Value y = convNorm(layer, 1, x.relu());
        return x.plus(convNorm(layer, 2, y.relu()));
    }

    private static Value convNorm(Layer layer, int n, Value x) {
        Conv how = Conv.pad(1);
        boolean bias = layer.has("convolution" + n + ".bias");
        Value y = layer.conv("convolution" + n, x, bias ? how : how.unbiased());
        return layer.has("batch_norm" + n + ".weight") ? layer.batchNorm("batch_norm" + n, y, EPS) : y;
    }
}
