package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import mata.result.FloatGrid;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Reference values: OpenCV 5.0 from Python. */
class ContoursTest {

    @Test
    void allOutlinesIncludeThoseOfHoles() {
        assertThat(Contours.all(BitMaskTest.shapes()).stream().map(outline -> outline.length / 2))
                .containsExactly(4, 1, 8, 32);
        assertThat(Contours.outer(BitMaskTest.shapes())).hasSize(3);
    }

    @Test
    void aMaskGrowsToTheRightAndDownByAnEvenRectangle() {
        BitMask grown = Contours.dilate(BitMaskTest.shapes(), 2, 2);

        assertThat(grown.area()).isEqualTo(801);
        assertThat(grown.bits()[35 * 60 + 5]).isEqualTo((byte) 1);
        assertThat(grown.bits()[36 * 60 + 6]).isEqualTo((byte) 1);
        assertThat(grown.bits()[34 * 60 + 5]).isZero();
        assertThat(grown.bits()[35 * 60 + 4]).isZero();
    }

    @Test
    void theSmallestRectangleGivesItsCornersClockwiseFromTheTopLeft() {
        Quad quad = Contours.smallestRectangle(Points.of("47 32 10 10 7 22 50 20"));

        assertThat(quad.corners()).containsExactly(Points.of("10 10 50 20 47 32 7 22"), Offset.offset(1e-4f));
        assertThat(quad.shortSide()).isCloseTo(12.369316f, Offset.offset(1e-4f));
        assertThat(quad.longSide()).isCloseTo(41.231056f, Offset.offset(1e-4f));
    }

    @Test
    void theMeanInsideAPolygonCountsItsBorder() {
        FloatGrid grid = pattern();

        assertThat(Contours.mean(grid, Points.of("10.4 5.2 40.8 9.9 38.1 22.3 8.7 17.6")))
                .isCloseTo(0.49976525f, Offset.offset(1e-6f));
    }

    @Test
    void aPolygonThatReachesOutsideIsMeasuredInside() {
        FloatGrid ones = new FloatGrid(4, 4, new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});

        assertThat(Contours.mean(ones, Points.of("-3 -3 9 -3 9 9 -3 9"))).isEqualTo(1);
    }

    private static FloatGrid pattern() {
        var values = new float[40 * 60];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (((i % 60) * 3 + (i / 60) * 7) % 11 / 10.0);
        }
        return new FloatGrid(40, 60, values);
    }
}
