package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import mata.result.Box;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class RotatedBoxTest {

    private static final float RIGHT_ANGLE = (float) (Math.PI / 2);

    @Test
    void theUprightBoxAroundIsThatOfTheTurnedCorners() {
        assertThat(new RotatedBox(50, 40, 20, 10, 0).enclosing()).isEqualTo(new Box(40, 35, 60, 45));
        assertNear(new RotatedBox(50, 40, 20, 10, RIGHT_ANGLE).enclosing(), new Box(45, 30, 55, 50));
        // a square on its corner: half the diagonal to each side
        float half = (float) (10 / Math.sqrt(2));
        assertNear(
                new RotatedBox(50, 40, 10, 10, RIGHT_ANGLE / 2).enclosing(),
                new Box(50 - half, 40 - half, 50 + half, 40 + half));
    }

    private static void assertNear(Box found, Box expected) {
        Offset<Float> near = Offset.offset(1e-4f);
        assertThat(found.x1()).isCloseTo(expected.x1(), near);
        assertThat(found.y1()).isCloseTo(expected.y1(), near);
        assertThat(found.x2()).isCloseTo(expected.x2(), near);
        assertThat(found.y2()).isCloseTo(expected.y2(), near);
    }

    /** Two Gaussians of equal covariance, d apart along an axis of variance s: Bhattacharyya distance d²/8s. */
    @Test
    void equalBoxesOverlapAsTheirDistanceSays() {
        var box = new RotatedBox(0, 0, 12, 6, 0.3f);
        assertThat(box.overlap(box)).isCloseTo(1, Offset.offset(1e-3f));

        double distance = 6 * 6 / 8.0 / (12 * 12 / 12.0);
        double expected = 1 - Math.sqrt(1 - Math.exp(-distance));
        assertThat((double) new RotatedBox(0, 0, 12, 6, 0).overlap(new RotatedBox(6, 0, 12, 6, 0)))
                .isCloseTo(expected, Offset.offset(1e-3));
    }

    @Test
    void aQuarterTurnWithSidesExchangedIsTheSameBox() {
        var lying = new RotatedBox(3, 4, 20, 8, 0.2f);
        var turned = new RotatedBox(3, 4, 8, 20, 0.2f + RIGHT_ANGLE);

        assertThat(lying.overlap(turned)).isCloseTo(1, Offset.offset(1e-3f));
    }

    @Test
    void neighboursThatOnlyTheirUprightBoxesShareHardlyOverlap() {
        var one = new RotatedBox(0, 0, 40, 4, RIGHT_ANGLE / 2);
        var other = new RotatedBox(6, -6, 40, 4, RIGHT_ANGLE / 2);

        assertThat(one.enclosing().iou(other.enclosing())).isGreaterThan(0.45f);
        assertThat(one.overlap(other)).isLessThan(0.1f);
    }
}
