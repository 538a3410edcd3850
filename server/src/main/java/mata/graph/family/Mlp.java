package mata.graph.family;

import mata.graph.build.Layer;
import mata.graph.build.Value;

/** DETR's small heads: linear layers with ReLU between them. */
final class Mlp {

    private Mlp() {}

    static Value of(Layer mlp, Value x, int layers) {
        for (int i = 0; i < layers; i++) {
            x = mlp.linear("layers." + i, x);
            x = i < layers - 1 ? x.relu() : x;
        }
        return x;
    }
}
