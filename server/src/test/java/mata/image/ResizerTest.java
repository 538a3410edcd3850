package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResizerTest {

    /** The 4x4 source of spec/onnx-models.md section 18. */
    private static final Frame GREY = grey(4, 0, 16, 32, 48, 64, 80, 255, 112, 128, 144, 160, 176, 0, 208, 224, 240);

    @ParameterizedTest
    @CsvSource({
        "NEAREST, 2, 2, 80 112 208 240",
        "NEAREST, 3, 3, 0 32 48 128 160 176 0 224 240",
        "NEAREST, 6, 2, 64 80 80 255 255 112 0 208 208 224 224 240",
        "BILINEAR, 2, 2, 67 112 125 193",
        "BILINEAR, 3, 3, 24 67 77 101 160 163 83 197 216",
        "BILINEAR, 6, 2, 46 54 76 132 120 94 64 113 169 194 198 194",
        "BICUBIC, 2, 2, 59 110 125 205",
        "BICUBIC, 3, 3, 12 62 72 99 165 167 74 204 222",
        "BICUBIC, 6, 2, 44 44 66 135 118 82 66 113 181 203 206 202",
        "LANCZOS, 2, 2, 60 107 128 213",
        "LANCZOS, 3, 3, 4 65 74 97 169 172 76 205 218",
        "LANCZOS, 6, 2, 49 39 65 135 118 75 69 112 190 212 210 204",
    })
    void theSpecificationsWorkedValuesComeOutExactly(Resample kernel, int width, int height, String expected) {
        Frame resized = Resizer.resize(GREY, width, height, kernel);

        assertThat(resized).isEqualTo(new Frame(width, height, resized.rgb()));
        assertThat(resized.rgb())
                .isEqualTo(grey(
                                width,
                                Stream.of(expected.split(" "))
                                        .mapToInt(Integer::parseInt)
                                        .toArray())
                        .rgb());
    }

    @TestFactory
    Stream<DynamicTest> aPhotoComesOutAsPillowHasIt() throws IOException {
        Frame photo = photo("photos/cat_rgba.png");
        List<JsonNode> rows = rows("pillow");
        assertThat(rows).hasSize(36);

        return rows.stream()
                .filter(row -> row.get("resample").asInt() <= 3) // 4 and 5 are kernels that no model here asks for
                .map(row -> same(
                        row,
                        row.get("name").asText(),
                        (width, height) -> Resizer.resize(
                                photo,
                                width,
                                height,
                                Resample.of(row.get("resample").asInt()))));
    }

    @TestFactory
    Stream<DynamicTest> aPhotoComesOutAsOpenCvHasIt() throws IOException {
        Frame photo = photo("photos/cat_rgba.png");

        return rows("opencv").stream()
                .filter(row -> row.get("interpolation").asText().equals("linear"))
                .map(row -> same(row, "linear", (width, height) -> Resizer.linear(photo, width, height)));
    }

    @Test
    void aFrameThatHasTheSizeAlreadyIsLeftAlone() {
        assertThat(Resizer.resize(GREY, 4, 4, Resample.LANCZOS)).isSameAs(GREY);
        assertThat(Resizer.linear(GREY, 4, 4)).isSameAs(GREY);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 5, 7", "7, 3, 1, 1", "1, 200, 3, 3", "1000, 1, 10, 10"})
    void aPlainFrameStaysPlainAtAnySize(int width, int height, int toWidth, int toHeight) {
        var rgb = new byte[3 * width * height];
        java.util.Arrays.fill(rgb, (byte) 201);
        Frame plain = new Frame(width, height, rgb);

        for (Resample kernel : Resample.values()) {
            assertThat(Resizer.resize(plain, toWidth, toHeight, kernel).rgb()).containsOnly(201);
        }
        assertThat(Resizer.linear(plain, toWidth, toHeight).rgb()).containsOnly(201);
    }

    private interface Resizing {
        Frame to(int width, int height);
    }

    private static DynamicTest same(JsonNode row, String name, Resizing resizing) {
        int width = row.get("to_wh").get(0).asInt();
        int height = row.get("to_wh").get(1).asInt();
        return DynamicTest.dynamicTest("%s to %dx%d".formatted(name, width, height), () -> {
            byte[] rgb = resizing.to(width, height).rgb();

            for (JsonNode sample : row.get("samples")) {
                int at = sample.get(0).asInt();
                assertThat(rgb[at] & 0xff)
                        .as("value %d", at)
                        .isEqualTo(sample.get(1).asInt());
            }
            assertThat(Fixtures.sha256(rgb)).isEqualTo(row.get("sha256").asText());
        });
    }

    private static List<JsonNode> rows(String block) {
        return StreamSupport.stream(
                        Fixtures.json("image_ops/resize.json").get(block).spliterator(), false)
                .toList();
    }

    private static Frame grey(int width, int... values) {
        var rgb = new byte[3 * values.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) values[i / 3];
        }
        return new Frame(width, values.length / width, rgb);
    }

    /** A lossless picture by the JDK's own decoder, alpha dropped. */
    static Frame photo(String name) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Fixtures.bytes(name)));
        int[] argb = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        var rgb = new byte[3 * argb.length];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = (byte) (argb[i / 3] >> (16 - 8 * (i % 3)));
        }
        return new Frame(image.getWidth(), image.getHeight(), rgb);
    }
}
