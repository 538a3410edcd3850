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
        Value anchors = anchors(memory.graph(), levels);
        Value low = anchors.greater(memory.graph().scalar(0.01));
        Value high = anchors.less(memory.graph().scalar(0.99));
        Value valid = low.and(high).cast(Type.FLOAT).smallest(-1).unsqueeze(-1);
        Value places = anchors.over(memory.graph().scalar(1).minus(anchors)).log();
        places = valid.greater(memory.graph().scalar(0.5))
                .choose(places, memory.graph().scalar(Float.MAX_VALUE));

        Value x = model.layerNorm("enc_output.1", model.linear("enc_output.0", memory.times(valid)), eps);
        Value best = model.linear("enc_score_head", x).largest(-1).topIndices(Size.of(queries));
        Value boxes = Mlp.of(model.at("enc_bbox_head"), x, 3).plus(places);
        return new Proposals(x.pickRows(best), boxes.pickRows(best));
    }

    /** [1, places, 4]: every place's centre, and a box that doubles from map to map. */
    private static Value anchors(Graph graph, List<Deformable.Level> levels) {
        var anchors = new ArrayList<Value>();
        for (int i = 0; i < levels.size(); i++) {
            Size height = levels.get(i).height();
            Size width = levels.get(i).width();
            Value x = centres(graph, width).unsqueeze(0).expand(height, width).unsqueeze(-1);
            Value y = centres(graph, height).unsqueeze(1).expand(height, width).unsqueeze(-1);
            Value side = graph.full(0.05 * Math.pow(2, i), height, width, Size.of(2));
            anchors.add(Graph.concat(-1, x, y, side).reshape(1, -1, 4));
        }
        return Graph.concat(1, anchors);
    }

    private static Value centres(Graph graph, Size count) {
        return graph.range(count)
                .cast(Type.FLOAT)
                .plus(0.5)
                .over(count.in(graph).cast(Type.FLOAT));
    }
}
