package mata.graph.family;

import mata.graph.build.Graph;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/** DETR's positions of a map: sines and cosines of the row and of the column, for a picture that fills its frame. */
final class SinePositions {

    private SinePositions() {}

    /** [1, h·w, d]: rows in the first half of the features, columns in the second. */
    static Value of(Graph graph, Size height, Size width, int d, double temperature) {
        Size half = Size.of(d / 2);
        Value rows = axis(graph, height, d / 2, temperature).unsqueeze(1).expand(height, width, half);
        Value columns = axis(graph, width, d / 2, temperature).unsqueeze(0).expand(height, width, half);
        return Graph.concat(2, rows, columns).reshape(Size.of(1), Size.rest(), Size.of(d));
    }

    private static Value axis(Graph graph, Size length, int features, double temperature) {
        Value places = graph.range(length).cast(Type.FLOAT).plus(1);
        Value whole = length.in(graph).cast(Type.FLOAT).plus(1e-6);
        return waves(places.over(whole).times(2 * Math.PI), features, temperature);
    }

    /** {@code sin(p/t^0), cos(p/t^0), sin(p/t^(2/f)), …} for every p of [… n]: [… n, features]. */
    static Value waves(Value places, int features, double temperature) {
        float[] slowness = new float[features / 2];
        for (int i = 0; i < slowness.length; i++) {
            slowness[i] = (float) Math.pow(temperature, 2.0 * i / features);
        }
        Value angles = places.unsqueeze(-1).over(places.graph().floats(slowness, slowness.length));
        Value both = Graph.concat(-1, angles.sin().unsqueeze(-1), angles.cos().unsqueeze(-1));
        Size[] shape = new Size[places.rank() + 1];
        for (int i = 0; i < places.rank(); i++) {
            shape[i] = places.size(i);
        }
        shape[places.rank()] = Size.of(features);
        return both.reshape(shape);
    }
}
