package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import mata.vision.interpret.Claims.Queries;
import mata.vision.interpret.Claims.Segment;
import org.junit.jupiter.api.Test;

/** Worked values of spec 18, "compute segments": two queries on a picture 4 wide and 2 high, nothing resized. */
final class ClaimsTest {

    private static final float[] SCORES = {0.9f, 0.8f};

    private static final float[] MASKS = {
        0.9f, 0.9f, 0.6f, 0.1f,
        0.9f, 0.9f, 0.2f, 0.1f,
        0.1f, 0.2f, 0.7f, 0.9f,
        0.1f, 0.1f, 0.9f, 0.9f
    };

    private static List<Segment> settle(float[] masks, double overlap, Set<Integer> fused, int... labels) {
        return Claims.settle(new Queries(labels, SCORES, masks, 2, 4), 2, 4, 0.5f, overlap, fused);
    }

    @Test
    void caseABothStandAndShareThePictureByColumns() {
        List<Segment> segments = settle(MASKS, 0.8, Set.of(), 3, 5);

        assertThat(segments).extracting(Segment::label).containsExactly(3, 5);
        assertThat(segments).extracting(Segment::score).containsExactly(0.9f, 0.8f);
        assertThat(segments.get(0).mask().bits()).containsExactly(1, 1, 0, 0, 1, 1, 0, 0);
        assertThat(segments.get(1).mask().bits()).containsExactly(0, 0, 1, 1, 0, 0, 1, 1);
    }

    @Test
    void caseBTheFirstGetsTooLittleOfWhatItWantedAndGoes() {
        float[] masks = MASKS.clone();
        masks[4 + 2] = 0.6f;

        List<Segment> segments = settle(masks, 0.8, Set.of(), 3, 5);

        assertThat(segments).singleElement().satisfies(segment -> {
            assertThat(segment.label()).isEqualTo(5);
            assertThat(segment.mask().bits()).containsExactly(0, 0, 1, 1, 0, 0, 1, 1);
        });
    }

    @Test
    void fourFifthsIsMoreThanTheDecimalButNotMoreThanTheFloat() {
        assertThat(settle(MASKS, 0.8, Set.of(), 3, 5)).hasSize(2);
        assertThat(settle(MASKS, 0.8f, Set.of(), 3, 5)).hasSize(1);
    }

    @Test
    void fusedClassesMakeOneSegmentOthersStayApart() {
        assertThat(settle(MASKS, 0.8, Set.of(3), 3, 3)).singleElement().satisfies(segment -> {
            assertThat(segment.mask().area()).isEqualTo(8);
            assertThat(segment.score()).isEqualTo(0.9f);
        });
        assertThat(settle(MASKS, 0.8, Set.of(7), 3, 3)).hasSize(2);
    }

    @Test
    void withoutQueriesThereIsNothing() {
        assertThat(Claims.settle(new Queries(new int[0], new float[0], new float[0], 2, 4), 2, 4, 0.5f, 0.8, Set.of()))
                .isEmpty();
    }
}
