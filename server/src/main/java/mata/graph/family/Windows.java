package mata.graph.family;

import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/** Square windows over a map whose sides are filled up to whole windows. */
record Windows(int side, Size height, Size width) {

    /** What keeps regions apart that only the shift brought together; as the published models were trained. */
    private static final double APART = -100;

    Size missingRows() {
        return height.missingTo(side);
    }

    Size missingColumns() {
        return width.missingTo(side);
    }

    private Size rows() {
        return height.plus(missingRows());
    }

    private Size columns() {
        return width.plus(missingColumns());
    }

    /** Half a window; nothing where one window covers a side of the map. */
    Size shift(Graph graph) {
        if (height.known() >= 0 && width.known() >= 0) {
            return Size.of(Math.min(height.known(), width.known()) <= side ? 0 : side / 2);
        }
        Value smaller = height.in(graph).min(width.in(graph));
        return new Size.Measured(smaller.atMost(graph.longs(side)).choose(graph.longs(0), graph.longs(side / 2)));
    }

    /** [n, rows, columns, d] to [n · windows, side², d]. */
    Value cut(Value map) {
        Size d = Size.of(map.width(3));
        return map.reshape(
                        Size.keep(), rows().over(side), Size.of(side), columns().over(side), Size.of(side), d)
                .transpose(0, 1, 3, 2, 4, 5)
                .reshape(Size.rest(), Size.of((long) side * side), d);
    }

    /** The way back. */
    Value joined(Value windows) {
        Size d = Size.of(windows.width(2));
        return windows.reshape(Size.rest(), rows().over(side), columns().over(side), Size.of(side), Size.of(side), d)
                .transpose(0, 1, 3, 2, 4, 5)
                .reshape(Size.keep(), rows(), columns(), d);
    }

    /** What every distance inside a window adds to the scores: [1, heads, side², side²]. */
    Value bias(Layer attention, int heads) {
        int span = 2 * side - 1;
        int tokens = side * side;
        long[] index = new long[tokens * tokens];
        for (int a = 0; a < tokens; a++) {
            for (int b = 0; b < tokens; b++) {
                int rows = a / side - b / side + side - 1;
                int columns = a % side - b % side + side - 1;
                index[a * tokens + b] = (long) rows * span + columns;
            }
        }
        return attention
                .tensor("relative_position_bias_table", (long) span * span, heads)
                .rows(attention.graph().longTable(index, tokens, tokens))
                .transpose(2, 0, 1)
                .unsqueeze(0);
    }

    /** The bias for every window of every picture, where the shift has joined what is not adjacent. */
    Value apart(Value bias, Size shift, Size pictures) {
        Graph graph = bias.graph();
        Value rows = region(graph, rows(), shift).unsqueeze(1).times(graph.longs(3));
        Value regions = rows.plus(region(graph, columns(), shift).unsqueeze(0));
        Value windows = cut(regions.unsqueeze(0).unsqueeze(-1)).squeeze(2);
        Value differ = windows.unsqueeze(1).equalTo(windows.unsqueeze(2)).not();
        Value each = bias.plus(differ.cast(Type.FLOAT).times(APART).unsqueeze(1));
        Size tokens = Size.of((long) side * side);
        return each.unsqueeze(0)
                .expand(pictures, each.size(0), each.size(1), tokens, tokens)
                .reshape(Size.rest(), each.size(1), tokens, tokens);
    }

    /** 0 inside, 1 in the last window, 2 in its part that the shift brought from the other end. */
    private Value region(Graph graph, Size length, Size shift) {
        Value places = graph.range(length);
        Value last = places.less(length.plus(-side).in(graph)).not().cast(Type.INT64);
        Value moved = places.less(length.plus(shift.times(-1)).in(graph)).not().cast(Type.INT64);
        return last.plus(moved);
    }
}
