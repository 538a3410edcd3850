package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import mata.result.Box;
import org.junit.jupiter.api.Test;

/** Worked values of spec 18, "NMS one class". */
final class NmsTest {

    private static final List<Box> BOXES =
            List.of(new Box(0, 0, 10, 10), new Box(1, 1, 11, 11), new Box(20, 20, 30, 30));

    private static int[] keep(float overlap, int most, int... classes) {
        return Nms.keep(
                new int[] {0, 1, 2}, i -> classes[i], (a, b) -> BOXES.get(a).iou(BOXES.get(b)), overlap, most);
    }

    @Test
    void overlapsAboveTheThresholdGo() {
        assertThat(BOXES.get(0).iou(BOXES.get(1))).isCloseTo(0.680672f, org.assertj.core.data.Offset.offset(1e-6f));
        assertThat(keep(0.7f, 9, 0, 0, 0)).containsExactly(0, 1, 2);
        assertThat(keep(0.45f, 9, 0, 0, 0)).containsExactly(0, 2);
    }

    @Test
    void classesDoNotSuppressEachOther() {
        assertThat(keep(0.45f, 9, 0, 1, 0)).containsExactly(0, 1, 2);
    }

    @Test
    void noMoreRemainThanAsked() {
        assertThat(keep(0.45f, 1, 0, 0, 0)).containsExactly(0);
    }

    @Test
    void anOverlapAtTheThresholdStays() {
        float overlap = BOXES.get(0).iou(BOXES.get(1));

        assertThat(keep(overlap, 9, 0, 0, 0)).containsExactly(0, 1, 2);
    }
}
