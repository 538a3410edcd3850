package mata.graph.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/**
 * Deformable attention: every head of a query looks at a few points of every map instead of all.
 *
 * @param points how many, by map
 */
record Deformable(int heads, List<Integer> points) {

    /** A map's part in the sequence of all tokens. */
    record Level(Size height, Size width) {}

    private int all() {
        return points.stream().mapToInt(Integer::intValue).sum();
    }

    /** Offsets that {@code sampling_offsets} gives for queries [n, q, d]: [n, q, heads, points, 2], x before y. */
    Value offsets(Layer attention, Value queries) {
        return attention
                .linear("sampling_offsets", queries, heads * all() * 2)
                .reshape(Size.keep(), queries.size(1), Size.of(heads), Size.of(all()), Size.of(2));
    }

    /** How much each point counts, [n, q, heads, points]: softmax over all points of all maps together. */
    Value weights(Layer attention, Value queries) {
        return attention
                .linear("attention_weights", queries, heads * all())
                .reshape(Size.keep(), queries.size(1), Size.of(heads), Size.of(all()))
                .softmax(-1);
    }

    /** Offsets in units of the box around each query: for boxes [n, q, 4] as centre and size, 0…1. */
    Value around(Value boxes, Value offsets, double scale) {
        Value spread = boxes.graph().floats(onePerPoint(), all(), 1).times(scale);
        Value sizes = boxes.slice(-1, 2, 4).unsqueeze(2).unsqueeze(2);
        Value centres = boxes.slice(-1, 0, 2).unsqueeze(2).unsqueeze(2);
        return centres.plus(offsets.times(spread).times(sizes));
    }

    /** Offsets in cells of each map: for centres [n or 1, q, 2], 0…1. */
    Value near(Value centres, Value offsets, List<Level> levels) {
        Graph graph = centres.graph();
        var cells = new ArrayList<Value>();
        for (int i = 0; i < levels.size(); i++) {
            Value size = Graph.concat(
                    0, levels.get(i).width().in(graph), levels.get(i).height().in(graph));
            cells.add(size.cast(Type.FLOAT).unsqueeze(0).expand(Size.of(points.get(i)), Size.of(2)));
        }
        return centres.unsqueeze(2).unsqueeze(2).plus(offsets.over(Graph.concat(0, cells)));
    }

    private float[] onePerPoint() {
        float[] parts = new float[all()];
        int from = 0;
        for (int each : points) {
            Arrays.fill(parts, from, from + each, 1f / each);
            from += each;
        }
        return parts;
    }

    /**
     * @param values all maps' tokens one after the other, [n, tokens, d]
     * @param places where to look, [n, q, heads, points, 2], 0…1 of each map
     * @param weights as {@link #weights}
     * @return [n, q, d]
     */
    Value sample(Value values, List<Level> levels, Value places, Value weights) {
        int d = values.width(2);
        Size queries = places.size(1);
        Value maps = values.transpose(0, 2, 1);
        Value grid = places.times(2)
                .plus(-1)
                .transpose(0, 2, 1, 3, 4)
                .reshape(Size.rest(), queries, Size.of(all()), Size.of(2));
        List<Value> grids =
                grid.split(2, points.stream().mapToLong(Integer::longValue).toArray());
        var seen = new ArrayList<Value>();
        Size from = Size.of(0);
        for (int i = 0; i < levels.size(); i++) {
            Level level = levels.get(i);
            Size to = from.plus(level.height().times(level.width()));
            Value map =
                    maps.between(2, from, to).reshape(Size.rest(), Size.of(d / heads), level.height(), level.width());
            seen.add(map.sampledAt(grids.get(i)));
            from = to;
        }
        Value counts = weights.transpose(0, 2, 1, 3).reshape(Size.rest(), Size.of(1), queries, Size.of(all()));
        return Graph.concat(3, seen)
                .times(counts)
                .sum(3)
                .reshape(Size.rest(), Size.of(d), queries)
                .transpose(0, 2, 1);
    }
}
