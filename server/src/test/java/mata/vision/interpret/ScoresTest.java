package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Worked values of spec 18. */
final class ScoresTest {

    private static final Offset<Float> PRINTED = Offset.offset(1e-6f);

    @Test
    void clipsSoftmax() {
        assertThat(Scores.softmax(new float[] {25.5f, 19.3f, 18.5f}))
                .containsExactly(new float[] {0.997067f, 0.002023f, 0.000909f}, PRINTED);
    }

    @Test
    void siglipsSigmoid() {
        assertThat(Scores.sigmoid(new float[] {-2.1f, 0.4f, -7}))
                .containsExactly(new float[] {0.109097f, 0.598688f, 0.000911f}, PRINTED);
    }

    @Test
    void largeLogitsDoNotOverflow() {
        assertThat(Scores.softmax(new float[] {1000, 999, -1000}))
                .containsExactly(new float[] {0.731059f, 0.268941f, 0}, PRINTED); // 1 / (1 + 1/e)
        assertThat(Scores.sigmoid(-1000)).isZero();
        assertThat(Scores.sigmoid(1000)).isEqualTo(1);
    }

    @Test
    void ofEqualsTheFirstIsTheLargest() {
        assertThat(Scores.largest(new float[] {9, 1, 3, 3, 2}, 1, 4)).isEqualTo(1);
    }
}
