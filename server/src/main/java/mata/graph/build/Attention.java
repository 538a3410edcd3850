package mata.graph.build;

import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * What one step of a text writer gives: its values, and the keys and values for the next step.
     *
     * @param out [n, s, d]
     * @param keys [n, heads, past + s, d / heads]
     * @param values as {@code keys}
     */
    public record Step(Value out, Value keys, Value values) {}

    /**
     * Attention to what came before and to itself.
     *
     * @param bias added to the scores, FLOAT [1, 1, s, past + s]
     * @param pastKeys [n, heads, past, d / heads]
     * @param pastValues as {@code pastKeys}
     */
    public static Step remembering(Value q, Value k, Value v, int heads, Value bias, Value pastKeys, Value pastValues) {
        Shape kept = pastKeys.shape().with(2, Shape.ANY);
        List<Value> outs = node(q, k, v, heads)
                .absent()
                .absent()
                .in(bias, pastKeys, pastValues)
                .outs(List.of(q.type(), q.type(), q.type()), List.of(q.shape(), kept, kept));
        return new Step(outs.get(0), outs.get(1), outs.get(2));
    }

    /**
     * Attention to keys and values that are ready by head: [n, heads, t, d / heads].
     *
     * @param mask INT64 [n, t], 0 on keys that nobody sees; null where all are seen
     */
    public static Value toReady(Value q, Value keys, Value values, int heads, @Nullable Value mask) {
        Node node =
                q.graph().node("MultiHeadAttention").fused().in(q, keys, values).with("num_heads", heads);
        if (mask != null) {
            node.absent().in(mask.cast(Type.INT32)).with("mask_filter_value", -1e9);
        }
        return node.out(q.type(), q.shape());
    }

    /**
     * What tokens were seen so far, for {@link #grouped}.
     *
     * @param last INT32 [n], the index of every text's last token
     * @param total INT32 scalar, the length of the longest text
     */
    public record Seen(Value last, Value total) {

        /** @param mask INT64 [n, past + s], 1 on tokens */
        public static Seen of(Value mask) {
            Value last = mask.sum(1).plus(mask.graph().index(-1)).cast(Type.INT32);
            return new Seen(last, mask.size(1).in(mask.graph()).squeeze(0).cast(Type.INT32));
        }
    }

    /** Cosines and sines for every place a text may have, [places, d / heads / 2]; the first half of a head turns with the second. */
    public record Turns(Value cosines, Value sines) {}

    /**
     * Causal attention in which several heads of q share one of k and v, by the runtime's fused operator.
     *
     * @param q [n, s, heads · c]
     * @param k [n, s, shared · c], as {@code v}
     * @param turns by which q and k are turned according to their places; null where they are already
     * @param pastKeys [n, shared, past, c], as {@code pastValues}
     */
    public static Step grouped(
            Value q,
            Value k,
            Value v,
            int heads,
            int shared,
            Seen seen,
            @Nullable Turns turns,
            Value pastKeys,
            Value pastValues) {
        Node node = q.graph()
                .node("GroupQueryAttention")
                .fused()
                .in(q, k, v, pastKeys, pastValues, seen.last(), seen.total())
                .with("num_heads", heads)
                .with("kv_num_heads", shared);
        if (turns != null) {
            node.in(turns.cosines(), turns.sines()).with("do_rotary", 1);
        }
        Shape kept = pastKeys.shape().with(2, Shape.ANY);
        List<Value> outs = node.outs(List.of(q.type(), q.type(), q.type()), List.of(q.shape(), kept, kept));
        return new Step(outs.get(0), outs.get(1), outs.get(2));
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
