package mata.graph.family;

import java.util.List;
import mata.graph.build.Graph;
import mata.graph.build.Size;
import mata.graph.build.Type;
import mata.graph.build.Value;

/**
 * Which tokens of Grounding DINO's text belong together: a phrase ends with a dot, a question mark or one of BERT's own marks.
 * Tokens see their own phrase only, and count their places from its start.
 *
 * @param places INT64 [n, s]
 * @param bias 0 between tokens of one phrase, a very small number else, FLOAT [n, 1, s, s]
 */
record Phrases(Value places, Value bias) {

    /** {@code [CLS]}, {@code [SEP]}, {@code .} and {@code ?} of bert-base-uncased, as the model's own code knows them. */
    private static final List<Integer> ENDS = List.of(101, 102, 1012, 1029);

    /** @param ids INT64 [n, s] */
    static Phrases of(Value ids) {
        Graph graph = ids.graph();
        Size length = ids.size(1);
        Value ends = ENDS.stream()
                .map(end -> ids.equalTo(graph.index(end)))
                .reduce(Value::or)
                .orElseThrow()
                .cast(Type.INT64);
        Value phrase = ends.cumulativeSum(1).minus(ends);
        Value together = phrase.unsqueeze(1).equalTo(phrase.unsqueeze(2));

        // a phrase counts only if its end is neither the first nor the last token: so the marks at both ends stay alone
        Value token = graph.range(length);
        Value inner =
                token.greater(graph.index(0)).and(token.less(length.plus(-1).in(graph)));
        Value counted = together.cast(Type.INT64)
                .times(ends.times(inner.cast(Type.INT64)).unsqueeze(1))
                .largest(-1);
        Value counts = counted.equalTo(graph.index(1));
        Value start = together.choose(token.unsqueeze(0).unsqueeze(0), length.in(graph))
                .smallest(-1);
        Value places = token.unsqueeze(0).minus(start).times(counted);

        Value itself = token.unsqueeze(0).equalTo(token.unsqueeze(1)).unsqueeze(0);
        Value seen = together.and(counts.unsqueeze(1)).or(itself);
        return new Phrases(places, Masks.never(seen.not()).unsqueeze(1));
    }
}
