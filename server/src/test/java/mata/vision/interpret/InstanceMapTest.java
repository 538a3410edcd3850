package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mata.vision.interpret.Claims.Segment;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Spec 7.3, instances: two queries of two classes, masks of 1x4. */
final class InstanceMapTest {

    private static final float[][] SHARES = {{0.9f, 0.05f, 0.05f}, {0.1f, 0.8f, 0.1f}};

    @Test
    void laterOnesCoverEarlierOnesAndTheScoreIsClassTimesMeanMask() {
        float[] logits = {2, 2, 2, -9, -9, -9, 4, 4};

        List<Segment> segments = InstanceMap.of(SHARES, logits, 1, 4, 1, 4, 0.5f);

        assertThat(segments).extracting(Segment::label).containsExactly(0, 1);
        assertThat(segments.get(0).mask().bits()).containsExactly(1, 1, 0, 0);
        assertThat(segments.get(1).mask().bits()).containsExactly(0, 0, 1, 1);
        assertThat(segments.get(0).score()).isCloseTo(0.9f * Scores.sigmoid(2), Offset.offset(1e-5f));
        assertThat(segments.get(1).score()).isCloseTo(0.8f * Scores.sigmoid(4), Offset.offset(1e-5f));
    }

    @Test
    void whatIsCoveredWhollyIsGone() {
        float[] logits = {-9, -9, 2, 2, -9, -9, 4, 4};

        assertThat(InstanceMap.of(SHARES, logits, 1, 4, 1, 4, 0.5f))
                .singleElement()
                .extracting(Segment::label)
                .isEqualTo(1);
    }
}
