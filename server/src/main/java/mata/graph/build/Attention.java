package mata.graph.build;

/** Softmax attention of several heads by the runtime's fused operator; scores are scaled by 1/√head width unless said otherwise. */
public final class Attention {

    private Attention() {}

    /** q [n, s, d], k and v [n, t, d]: [n, s, d]. Every token sees every other. */
    public static Value full(Value q, Value k, Value v, int heads) {
        return node(q, k, v, heads).out(q.type(), q.shape().with(-1, v.shape().at(-1)));
    }

    /** As {@link #full}, the scores as they are. The heads of q and k may have another width than those of v. */
    public static Value unscaled(Value q, Value k, Value v, int heads) {
        return node(q, k, v, heads)
                .with("scale", 1.0)
                .out(q.type(), q.shape().with(-1, v.shape().at(-1)));
    }

    /** @param bias added to the scores before softmax: FLOAT [n or 1, heads or 1, s, t] */
    public static Value biased(Value q, Value k, Value v, int heads, Value bias) {
        return node(q, k, v, heads)
                .absent()
                .absent()
                .in(bias)
                .out(q.type(), q.shape().with(-1, v.shape().at(-1)));
    }

    /** @param mask INT64 [n, t], 0 on keys that nobody sees */
    public static Value padded(Value q, Value k, Value v, int heads, Value mask) {
        return node(q, k, v, heads)
                .absent()
                .in(mask.cast(Type.INT32))
                .with("mask_filter_value", -1e9)
                .out(q.type(), q.shape().with(-1, v.shape().at(-1)));
    }

    private static Node node(Value q, Value k, Value v, int heads) {
        for (Value each : new Value[] {q, k, v}) {
            if (each.width(-1) % heads != 0) {
                throw q.graph().refuse(each.described() + " does not divide into " + heads + " heads");
            }
        }
        return q.graph().node("MultiHeadAttention").fused().in(q, k, v).with("num_heads", heads);
    }
}
