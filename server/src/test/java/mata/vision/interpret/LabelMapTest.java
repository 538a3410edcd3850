package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class LabelMapTest {

    @Test
    void theLargestLogitNamesThePixelAndItsSoftmaxIsTheShare() {
        LabelMap map = LabelMap.ofLogits(new float[] {2, -30, 1, 0}, 2, 1, 2, 1, 2);

        assertThat(map.mask(0).bits()).containsExactly(1, 0);
        assertThat(map.mask(1).bits()).containsExactly(0, 1);
        assertThat(map.confidence(0)).isCloseTo(0.731059f, Offset.offset(1e-6f)); // 1 / (1 + 1/e)
        assertThat(map.confidence(1)).isEqualTo(1);
    }

    /**
     * Enlarged, plane 0 holds 4, 3, 1, 0 (tensor bilinear, spec 18) and so wins three pixels of four against a half; the wrong
     * way of spec 19, the largest of the small map enlarged, would draw the border in the middle.
     */
    @Test
    void planesAreEnlargedBeforeTheyAreCompared() {
        LabelMap map = LabelMap.ofLogits(new float[] {4, 0, 0.5f, 0.5f}, 2, 1, 2, 1, 4);

        assertThat(map.mask(0).bits()).containsExactly(1, 1, 1, 0);
    }

    /** Larger than one band, so that bands must join without a seam. */
    @Test
    void bandsJoinWithoutASeam() {
        int side = 2100;
        LabelMap map = LabelMap.ofLogits(new float[] {1, 0, 1, 0, 0, 1, 0, 1}, 2, 2, 2, side, side);

        byte[] left = map.mask(0).bits();
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column += 149) {
                assertThat(left[row * side + column]).isEqualTo((byte) (column < side / 2 ? 1 : 0));
            }
        }
    }
}
