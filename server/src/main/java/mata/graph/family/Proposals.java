package mata.graph.family;

import java.util.ArrayList;
import java.util.List;
import mata.graph.build.Graph;
import mata.graph.build.Layer;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/**
 * The first stage of RT-DETR and D-FINE: of all places on all maps, the best become queries.
 *
 * @param content what a query starts with, [n, q, d]
 * @param boxes where it starts, as logits, [n, q, 4]
 */
record Proposals(Value content, Value boxes) {

    static Proposals of(Layer model, Value memory, List<Deformable.Level> levels, int queries, double eps) {
        Places places = Places.of(memory.graph(), levels);
        Value x = model.layerNorm("enc_output.1", model.linear("enc_output.0", memory.times(places.valid())), eps);
        Value best = model.linear("enc_score_head", x).largest(-1).topIndices(Size.of(queries));
        Value boxes = Mlp.of(model.at("enc_bbox_head"), x, 3).plus(places.boxes());
        return new Proposals(x.pickRows(best), boxes.pickRows(best));
    }

    /**
     * Every place of every map, with a box that doubles from map to map.
     *
     * @param valid 1 where the box keeps off the border, 0 elsewhere, [1, places, 1]
     * @param boxes centre and size as logits, [1, places, 4]; the largest number where the place is not valid
     */
    record Places(Value valid, Value boxes) {

        static Places of(Graph graph, List<Deformable.Level> levels) {
            Value boxes = boxes(graph, levels);
            Value inside = boxes.greater(graph.scalar(0.01)).and(boxes.less(graph.scalar(0.99)));
            Value valid = inside.cast(Type.FLOAT).smallest(-1).unsqueeze(-1);
            Value logits = boxes.over(graph.scalar(1).minus(boxes)).log();
            Value kept = valid.greater(graph.scalar(0.5)).choose(logits, graph.scalar(Float.MAX_VALUE));
            return new Places(valid, kept);
        }

        private static Value boxes(Graph graph, List<Deformable.Level> levels) {
            var boxes = new ArrayList<Value>();
            for (int i = 0; i < levels.size(); i++) {
                Size height = levels.get(i).height();
                Size width = levels.get(i).width();
                Value side = graph.full(0.05 * Math.pow(2, i), height, width, Size.of(2))
                        .reshape(1, -1, 2);
                boxes.add(Graph.concat(-1, centres(graph, height, width), side));
            }
            return Graph.concat(1, boxes);
        }

        /** [1, height·width, 2], x before y, 0…1. */
        static Value centres(Graph graph, Size height, Size width) {
            Value x = centres(graph, width).unsqueeze(0).expand(height, width).unsqueeze(-1);
            Value y = centres(graph, height).unsqueeze(1).expand(height, width).unsqueeze(-1);
            return Graph.concat(-1, x, y).reshape(1, -1, 2);
        }

        private static Value centres(Graph graph, Size count) {
            return graph.range(count)
                    .cast(Type.FLOAT)
                    .plus(0.5)
                    .over(count.in(graph).cast(Type.FLOAT));
        }
    }
}
