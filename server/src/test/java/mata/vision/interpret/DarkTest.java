package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class DarkTest {

    /** The worked value of spec 18. */
    @Test
    void thePeakOfAGaussianIsFoundBetweenThePixels() {
        var map = new float[64 * 48];
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 48; x++) {
                double distance = (x - 20.3) * (x - 20.3) + (y - 30.7) * (y - 30.7);
                map[y * 48 + x] = (float) (0.9 * Math.exp(-distance / 8));
            }
        }

        Dark.Peak peak = Dark.peak(map, 0, 64, 48);

        assertThat(peak.value()).isCloseTo(0.879976f, Offset.offset(1e-6f));
        assertThat(peak.x()).isCloseTo(20.3, Offset.offset(1e-4));
        assertThat(peak.y()).isCloseTo(30.7, Offset.offset(1e-4));
    }

    @Test
    void aMapWithoutAnythingHasNoPeak() {
        assertThat(Dark.peak(new float[64 * 48], 0, 64, 48)).isEqualTo(new Dark.Peak(-1, -1, 0));
    }

    @Test
    void aPeakInTheCornerStaysANumber() {
        var map = new float[64 * 48];
        map[0] = 1;

        Dark.Peak peak = Dark.peak(map, 0, 64, 48);

        assertThat(peak.x()).isBetween(-1.0, 1.0);
        assertThat(peak.y()).isBetween(-1.0, 1.0);
    }
}
