package mata.graph.family;

import mata.graph.build.Graph;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/** What is added to attention scores so that some tokens are not seen: 0 where they are, a very small number where not. */
final class Masks {

    /** Softmax makes 0 of it, and two of them can still be added. */
    private static final double NEVER = -1e9;

    private Masks() {}

    /** No token sees a later one: [1, 1, s, s]. */
    static Value causal(Graph graph, Size length) {
        Value places = graph.range(length);
        Value later = places.unsqueeze(0).greater(places.unsqueeze(1));
        return never(later).unsqueeze(0).unsqueeze(0);
    }

    /** As {@link #causal(Graph, Size)} where the tokens come after others: [1, 1, s, past + s]. */
    static Value causal(Graph graph, Size past, Size length) {
        Value seen = graph.range(past.plus(length)).unsqueeze(0);
        Value seeing = graph.range(length).plus(past.in(graph)).unsqueeze(1);
        return never(seen.greater(seeing)).unsqueeze(0).unsqueeze(0);
    }

    /** @param mask INT64 [n, t], 1 on tokens that may be seen; the result is [n, 1, 1, t] */
    static Value padding(Value mask) {
        return never(mask.equalTo(mask.graph().index(0))).unsqueeze(1).unsqueeze(1);
    }

    /** @param hidden BOOL of any shape */
    static Value never(Value hidden) {
        return hidden.cast(Type.FLOAT).times(NEVER);
    }
}
