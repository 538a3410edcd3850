package mata.graph.family;

import mata.graph.Config;
import mata.graph.build.Graph;
import mata.graph.build.Type;
import mata.graph.build.Value;

/** The picture as the graphs take it: {@code pixel_values}, FLOAT [batch, channels, height, width]. */
final class Pixels {

    private Pixels() {}

    /** Of any size. */
    static Value free(Graph graph, Config config) {
        return input(graph, config, "height", "width");
    }

    /** Of {@code image_size} only: the position table fits no other. */
    static Value fixed(Graph graph, Config config, int absent) {
        return of(graph, config, config.sides("image_size", absent));
    }

    static Value of(Graph graph, Config config, Config.Sides image) {
        return input(graph, config, Integer.toString(image.height()), Integer.toString(image.width()));
    }

    private static Value input(Graph graph, Config config, String height, String width) {
        String channels = Integer.toString(config.integer("num_channels", 3));
        return graph.input("pixel_values", Type.FLOAT, "batch_size", channels, height, width);
    }
}
