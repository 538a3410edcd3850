package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class InterpolateTest {

    /** Values of spec/onnx-models.md section 18. */
    @Test
    void fourValuesGrowToSixteen() {
        float[] grown = Interpolate.bilinear(new float[] {0, 1, 2, 3}, 2, 2, 4, 4);

        assertThat(grown)
                .containsExactly(
                        0, .25f, .75f, 1, .5f, .75f, 1.25f, 1.5f, 1.5f, 1.75f, 2.25f, 2.5f, 2, 2.25f, 2.75f, 3);
    }

    @Test
    void sixteenValuesShrinkToSixWithoutAntialias() {
        var source = new float[16];
        IntStream.range(0, 16).forEach(i -> source[i] = i);

        assertThat(Interpolate.bilinear(source, 4, 4, 2, 3))
                .containsExactly(
                        new float[] {2.166667f, 3.5f, 4.833333f, 10.166667f, 11.5f, 12.833333f}, Offset.offset(1e-5f));
    }

    @Test
    void onePlaneOfSeveralIsReachedByWhereItBegins() {
        float[] two = {9, 9, 9, 9, 0, 1, 2, 3};

        assertThat(Interpolate.bilinear(two, 4, 2, 2, 4, 4))
                .isEqualTo(Interpolate.bilinear(new float[] {0, 1, 2, 3}, 2, 2, 4, 4));
        assertThat(Interpolate.bicubic(two, 4, 2, 2, 4, 4))
                .isEqualTo(Interpolate.bicubic(new float[] {0, 1, 2, 3}, 2, 2, 4, 4));
    }

    @Test
    void theSameSizeChangesNothing() {
        float[] values = {3, -1, 4, 1, 5, -9};

        assertThat(Interpolate.bilinear(values, 2, 3, 2, 3)).isEqualTo(values);
        assertThat(Interpolate.bicubic(values, 2, 3, 2, 3)).isEqualTo(values);
        assertThat(Interpolate.nearest(values, 2, 3, 2, 3)).isEqualTo(values);
    }

    @TestFactory
    Stream<DynamicTest> aPhotoComesOutAsTorchHasIt() throws IOException {
        Frame photo = ResizerTest.photo("photos/cat_rgba.png");
        float[] planes = planes(photo);

        return StreamSupport.stream(
                        Fixtures.json("image_ops/resize.json").get("torch").spliterator(), false)
                .filter(row -> !row.get("align_corners").asBoolean())
                .map(row -> DynamicTest.dynamicTest(
                        row.get("mode").asText() + " to " + row.get("to_wh"), () -> compare(row, photo, planes)));
    }

    private static void compare(JsonNode row, Frame photo, float[] planes) {
        int width = row.get("to_wh").get(0).asInt();
        int height = row.get("to_wh").get(1).asInt();
        var resized = new float[3][];
        for (int channel = 0; channel < 3; channel++) {
            int from = channel * photo.width() * photo.height();
            resized[channel] = switch (row.get("mode").asText()) {
                case "bilinear" -> Interpolate.bilinear(planes, from, photo.height(), photo.width(), height, width);
                case "bicubic" -> Interpolate.bicubic(planes, from, photo.height(), photo.width(), height, width);
                case "nearest" -> Interpolate.nearest(planes, from, photo.height(), photo.width(), height, width);
                default -> throw new IllegalArgumentException(row.toString());
            };
        }

        assertThat(row.get("samples")).isNotEmpty();
        for (JsonNode sample : row.get("samples")) {
            int at = sample.get(0).asInt();
            assertThat(resized[at / (width * height)][at % (width * height)])
                    .as("value %d", at)
                    .isCloseTo((float) sample.get(1).asDouble(), Offset.offset(1e-3f));
        }
    }

    private static float[] planes(Frame frame) {
        int size = frame.width() * frame.height();
        var planes = new float[3 * size];
        for (int i = 0; i < planes.length; i++) {
            planes[i] = frame.rgb()[3 * (i % size) + i / size] & 0xff;
        }
        return planes;
    }

    @Test
    void partOfATargetIsCutOutOfTheWhole() {
        var source = new float[7 * 5];
        for (int i = 0; i < source.length; i++) {
            source[i] = (i * 37) % 11;
        }
        float[] whole = Interpolate.bilinear(source, 7, 5, 23, 17);

        float[] part = Interpolate.bilinear(source, 0, 7, 5, 23, 17, new Interpolate.Part(4, 3, 9, 11));

        for (int row = 0; row < 9; row++) {
            for (int column = 0; column < 11; column++) {
                assertThat(part[row * 11 + column]).isEqualTo(whole[(row + 4) * 17 + column + 3]);
            }
        }
    }
}
