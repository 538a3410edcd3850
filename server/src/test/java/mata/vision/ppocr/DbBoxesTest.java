package mata.vision.ppocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.image.Quad;
import mata.result.FloatGrid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DbBoxesTest {

    private static Quad rectangle(float left, float top, float width, float height) {
        return Quad.of(new float[] {left, top, left + width, top, left + width, top + height, left, top + height});
    }

    /** Spec 18, "DB grow". Growing works on whole pixels, so that "about" means less than one of them. */
    @Test
    void aBoxGrowsByItsAreaTimesTheRatioOverItsPerimeter() {
        Quad box = rectangle(50, 50, 100, 20);

        Quad grown = DbBoxes.grow(box, 1.6);

        assertThat(DbBoxes.distance(box, 1.6)).isCloseTo(13.333, within(5e-4));
        assertThat(grown.longSide()).isCloseTo(126.7f, within(1f));
        assertThat(grown.shortSide()).isCloseTo(46.7f, within(1f));
        assertThat(grown.corners()).containsExactly(37, 37, 163, 37, 163, 83, 37, 83);
    }

    @Test
    void linesAreReadFromTopToBottomAndOneLineFromLeftToRight() {
        Quad first = rectangle(10, 12, 80, 20);
        Quad second = rectangle(100, 5, 80, 20);
        Quad third = rectangle(5, 40, 80, 20);

        assertThat(DbBoxes.inReadingOrder(List.of(third, second, first))).containsExactly(first, second, third);
    }

    @Test
    void aFaintMapAndASpeckMakeNoBox(@TempDir Path empty) {
        var map = new float[64 * 128];
        fill(map, 10, 8, 40, 6, 0.4f);
        fill(map, 80, 40, 1, 1, 0.9f);
        fill(map, 60, 20, 40, 6, 0.9f);
        DetectorSettings settings = DetectorSettings.read(ModelFolder.read(empty, NumberFormat.FP32), Map.of());

        List<Quad> boxes = DbBoxes.find(new FloatGrid(64, 128, map), 256, 128, settings);

        assertThat(boxes).hasSize(1);
        assertThat(boxes.getFirst().corners()[0])
                .as("grown and brought to the canvas")
                .isBetween(100f, 118f);
    }

    private static void fill(float[] map, int left, int top, int width, int height, float value) {
        for (int row = top; row < top + height; row++) {
            for (int column = left; column < left + width; column++) {
                map[row * 128 + column] = value;
            }
        }
    }
}
