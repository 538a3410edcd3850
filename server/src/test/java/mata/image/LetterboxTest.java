package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import mata.result.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterboxTest {

    /** Rows of spec/onnx-models.md section 18, height before width. */
    @ParameterizedTest
    @CsvSource({
        "427, 640, 427, 640, 106, 107, 0, 0",
        "1080, 810, 640, 480, 0, 0, 80, 80",
        "720, 1280, 360, 640, 140, 140, 0, 0",
        "375, 500, 480, 640, 80, 80, 0, 0",
    })
    void yoloFillsAsTheSpecificationWorkedOut(
            int height, int width, int newHeight, int newWidth, int top, int bottom, int left, int right) {
        Letterbox fit = Letterbox.yolo(width, height, 640, 640);

        assertThat(fit.height()).isEqualTo(newHeight);
        assertThat(fit.width()).isEqualTo(newWidth);
        assertThat(fit.padY()).isEqualTo(top);
        assertThat(640 - fit.height() - fit.padY()).isEqualTo(bottom);
        assertThat(fit.padX()).isEqualTo(left);
        assertThat(640 - fit.width() - fit.padX()).isEqualTo(right);
    }

    @Test
    void aBoxFoundInTheModelInputMapsBackToTheSourcePicture() {
        Letterbox fit = Letterbox.yolo(1280, 720, 640, 640);

        assertThat(fit.toSource(new Box(0, 140, 640, 500))).isEqualTo(new Box(0, 0, 1280, 720));
    }

    /** Spec 5.5: {@code int(W*r) x int(H*r)} at the top left. */
    @Test
    void yoloxPutsThePictureInTheTopLeftCorner() {
        Letterbox fit = Letterbox.topLeft(451, 300, 416, 416);

        assertThat(fit).isEqualTo(new Letterbox(416.0 / 451, 0, 0, 416, 276, 416, 416));
        assertThat(fit.toSource(new Box(0, 0, 416, 208))).isEqualTo(new Box(0, 0, 451, 225.5f));
    }

    /** 192/176 * 110 comes out as 119.99999999999999 and counts as 120; 192/451 * 300 = 127.7 counts as 127. */
    @Test
    void theCentredOneTruncatesWhatIsNotWholeButForFloatNoise() {
        assertThat(Letterbox.centred(176, 110, 192, 192))
                .isEqualTo(new Letterbox(192.0 / 176, 0, 36, 192, 120, 192, 192));
        assertThat(Letterbox.centred(300, 451, 192, 192))
                .isEqualTo(new Letterbox(192.0 / 451, 32, 0, 127, 192, 192, 192));
    }

    @Test
    void thePictureIsPlacedWithFillingAllAround() {
        Letterbox fit = Letterbox.yolo(2, 1, 4, 4);
        Frame resized = new Frame(4, 2, new byte[3 * 8]);

        Frame placed = fit.place(resized, 114);

        assertThat(placed.width()).isEqualTo(4);
        assertThat(placed.height()).isEqualTo(4);
        for (int i = 0; i < placed.rgb().length; i++) {
            int row = i / 12;
            assertThat(placed.rgb()[i]).as("row %d", row).isEqualTo((byte) (row == 1 || row == 2 ? 0 : 114));
        }
    }
}
