package mata.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PictureHeaderTest {

    /** Formats and sizes as Pillow read them; orientations as the files' names say. */
    @TestFactory
    Stream<DynamicTest> theHeaderOfEveryFixtureIsRead() {
        return fixtures()
                .map(row -> DynamicTest.dynamicTest(row.get("file").asText(), () -> {
                    PictureHeader header =
                            PictureHeader.read(bytes(row.get("file").asText()));

                    assertThat(header.format()).hasToString(row.get("format").asText());
                    assertThat(header.width())
                            .isEqualTo(row.get("stored_size").get(0).asInt());
                    assertThat(header.height())
                            .isEqualTo(row.get("stored_size").get(1).asInt());
                    assertThat(header.shownWidth()).isEqualTo(row.get("width").asInt());
                    assertThat(header.shownHeight()).isEqualTo(row.get("height").asInt());
                    assertThat(header.orientation())
                            .isEqualTo(named(row.get("file").asText()));
                }));
    }

    @ParameterizedTest
    @CsvSource({
        "0000001c66747970686569630000, HEIC",
        "0000001c66747970617669660000, AVIF",
        "0000001c6674797069736f6d0000, MP4 or QuickTime film",
        "255044462d312e37, PDF",
        "504b0304140000, ZIP",
        "ff0a7a1f, JPEG XL",
        "0000000c6a5020200d0a870a, JPEG 2000",
        "52494646240000005741564566, 'RIFF, but not WebP'",
    })
    void whatIsNoPictureIsNamed(String hex, String name) {
        assertThat(refusal(HexFormat.of().parseHex(hex)))
                .startsWith("not a picture")
                .contains("the first bytes are ", "(" + name + ")", "send JPEG, PNG, WebP, BMP, GIF or TIFF");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "<svg xmlns=\"http://www.w3.org/2000/svg\"/>| SVG",
                "<?xml version=\"1.0\"?><svg/>| SVG",
                "<!DOCTYPE html><p>404| HTML",
                "{\"detail\":\"no\"}| JSON",
                "hello world| text",
                "data:image/png;base64,iVBORw0KGgo=| a data URL",
                "/9j/4AAQSkZJRgABAQ| base64 text, still encoded"
            },
            delimiter = '|')
    void textIsNamed(String text, String name) {
        assertThat(refusal(text.getBytes(StandardCharsets.UTF_8)))
                .startsWith("not a picture")
                .contains("(" + name + ")");
    }

    @Test
    void theFirstBytesOfAPdfAreShown() {
        assertThat(refusal("%PDF-1.7".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("not a picture: the first bytes are 25 50 44 46 (PDF);"
                        + " send JPEG, PNG, WebP, BMP, GIF or TIFF");
    }

    @Test
    void nothingAtAllIsNamed() {
        assertThat(refusal(new byte[0])).isEqualTo("not a picture: it is empty");
    }

    @Test
    void aPictureOf60000By60000IsTakenAtItsWord() {
        byte[] header = HexFormat.of().parseHex("89504e470d0a1a0a0000000d494844520000ea600000ea600802000000");

        assertThat(PictureHeader.read(header).pixels()).isEqualTo(3_600_000_000L);
    }

    @Test
    void aSizeOfZeroIsRefused() {
        byte[] header = HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452000000000000ea600802000000");

        assertThat(refusal(header)).isEqualTo("broken PNG: its header says 0 x 60000 pixels");
    }

    @Test
    void aHeightThatRunsFromTheTopIsAHeight() {
        byte[] bmp = bytes("photos/decode/plain.bmp");
        int height = PictureHeader.read(bmp).height();
        byte[] topDown = Arrays.copyOf(bmp, 64);
        for (int i = 0; i < 4; i++) {
            topDown[22 + i] = (byte) (-height >> (8 * i));
        }

        assertThat(PictureHeader.read(topDown).height()).isEqualTo(height);
    }

    @Test
    void xmpTurnsAPictureWhoseExifSaysNothing() {
        byte[] plain = bytes("photos/decode/baseline_444.jpg");
        byte[] xmp = "http://ns.adobe.com/xap/1.0/\0<rdf:Description tiff:Orientation=\"6\"/>"
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] marker = {(byte) 0xff, (byte) 0xe1, 0, (byte) (xmp.length + 2)};

        byte[] turned = join(Arrays.copyOf(plain, 2), marker, xmp, Arrays.copyOfRange(plain, 2, plain.length));

        assertThat(PictureHeader.read(plain).orientation()).isEqualTo(1);
        assertThat(PictureHeader.read(turned).orientation()).isEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource("files")
    void aHeaderThatIsCutOffSaysSo(String file) {
        byte[] whole = bytes(file);

        int known = file.endsWith(".webp") ? 12 : 8; // bytes until the format is certain
        int enough = file.endsWith(".gif") ? 10 : 24;
        for (int length = known; length < enough; length++) {
            assertThat(refusal(Arrays.copyOf(whole, length)))
                    .startsWith("the picture is cut off: it ends after " + length);
        }
    }

    /** A bounded hunt for any exception but {@link Rejected}; the seed is fixed so that a find can be found again. */
    @ParameterizedTest
    @MethodSource("files")
    void noByteStringBreaksTheReading(String file) {
        byte[] whole = bytes(file);
        var random = new Random(file.hashCode());
        int read = 0;

        for (int round = 0; round < 2_000; round++) {
            byte[] mutated = Arrays.copyOf(whole, 4 + random.nextInt(Math.min(whole.length - 4, 600)));
            for (int change = random.nextInt(8); change >= 0; change--) {
                mutated[random.nextInt(mutated.length)] = (byte) (random.nextBoolean() ? random.nextInt(256) : 0xff);
            }
            try {
                PictureHeader header = PictureHeader.read(mutated);
                assertThat(header.width()).isPositive();
                assertThat(header.height()).isPositive();
                assertThat(header.orientation()).isBetween(1, 8);
                read++;
            } catch (Rejected rejected) {
                assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class);
                assertThat(rejected.problem().detail()).isNotBlank();
            }
        }

        assertThat(read).as("some survive, or the hunt is too coarse").isPositive();
    }

    private static String refusal(byte[] bytes) {
        var detail = new String[1];
        assertThatThrownBy(() -> PictureHeader.read(bytes)).isInstanceOfSatisfying(Rejected.class, rejected -> {
            assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class);
            detail[0] = rejected.problem().detail();
        });
        return detail[0];
    }

    /** {@code exif5.jpg} is 5; a file without a number is upright. */
    private static int named(String file) {
        int at = file.indexOf("exif");
        return at < 0 ? 1 : file.charAt(at + 4) - '0';
    }

    private static Stream<JsonNode> fixtures() {
        try {
            JsonNode rows =
                    new ObjectMapper().readTree(bytes("image_ops/decode.json")).get("decode");
            assertThat(rows).hasSize(29);
            return StreamSupport.stream(rows.spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> files() {
        return fixtures().map(row -> row.get("file").asText()).toList();
    }

    private static byte[] join(byte[]... parts) {
        var joined = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    private static byte[] bytes(String name) {
        try (InputStream in = PictureHeaderTest.class.getResourceAsStream("/fixtures/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
