package mata.graph.build;

import org.jspecify.annotations.Nullable;

/** Softmax attention of several heads by the runtime's fused operator; scores are scaled by 1/√head width. */
public final class Attention {

    private Attention() {}

    /** q [n, s, d], k and v [n, t, d]: [n, s, d]. Every token sees every other. */
    public static Value full(Value q, Value k, Value v, int heads) {
        return attend(q, k, v, heads, null, false);
    }

    /** No token sees a later one. */
    public static Value causal(Value q, Value k, Value v, int heads) {
        return attend(q, k, v, heads, null, true);
    }

    /** @param bias added to the scores before softmax: FLOAT [n or 1, heads or 1, s, t] */
    public static Value biased(Value q, Value k, Value v, int heads, Value bias) {
        return attend(q, k, v, heads, bias, false);
    }

    private static Value attend(Value q, Value k, Value v, int heads, @Nullable Value bias, boolean causal) {
        Graph graph = q.graph();
        if (q.width(-1) % heads != 0) {
            throw graph.refuse(q.described() + " does not divide into " + heads + " heads");
        }
        Node node = graph.node("MultiHeadAttention").fused().in(q, k, v).with("num_heads", heads);
        if (bias != null) {
            node.absent().absent().in(bias);
        }
        if (causal) {
            node.with("unidirectional", 1);
        }
        return node.out(q.type(), q.shape().with(-1, v.shape().at(-1)));
    }
}
