package mata.vision.ppocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mata.image.Frame;
import mata.problem.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spec 12.1, row "before". */
final class CanvasTest {

    private static Frame black(int width, int height) {
        return new Frame(width, height, new byte[3 * width * height]);
    }

    @ParameterizedTest
    @CsvSource({
        "384, 191, 384, 191, 0", // neither large nor small
        "2304, 1146, 1984, 992, 0", // to 2000, then multiples of 32
        "352, 32, 352, 88, 28", // more than 8 times as wide as high: up to twice 352 / 8
        "300, 26, 352, 88, 28", // enlarged first
        "800, 100, 800, 100, 0", // exactly 8 times
        "240, 30, 240, 60, 15" // 30 rows are too few, too
    })
    void aPictureIsBroughtToASizeThatTheDetectorCanRead(int width, int height, int toWidth, int toHeight, int bar) {
        Canvas canvas = Canvas.of(black(width, height));

        assertThat(canvas.frame().width()).isEqualTo(toWidth);
        assertThat(canvas.frame().height()).isEqualTo(toHeight);
        assertThat(canvas.bar()).isEqualTo(bar);
    }

    @Test
    void cornersComeBackToThePictureAndAreCutToIt() {
        Canvas canvas = Canvas.of(black(300, 26));

        float[] corners = canvas.toSource(new float[] {352, 60, 0, 28, 176, 44, -5, 500});

        assertThat(corners).containsExactly(300, 26, 0, 0, 150, 13, 0, 26);
    }

    @Test
    void aPictureOfOneRowIsRefusedRatherThanEnlargedToGigabytes() {
        assertThatThrownBy(() -> Canvas.of(black(1900, 1)))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("1900x1 is too narrow");
    }
}
