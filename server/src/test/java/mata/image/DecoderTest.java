package mata.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderTest {

    private static final long MAX_PIXELS = 64_000_000;

    /** Lossless files match to the byte; of JPEG and lossy WebP, decoders may differ by two levels (fixtures/README.md). */
    @TestFactory
    Stream<DynamicTest> everyFixtureComesOutAsTheReferenceHasIt() {
        List<JsonNode> rows = StreamSupport.stream(
                        Fixtures.json("image_ops/decode.json").get("decode").spliterator(), false)
                .toList();
        assertThat(rows).hasSize(29);
        return rows.stream().map(row -> DynamicTest.dynamicTest(row.get("file").asText(), () -> compare(row)));
    }

    private static void compare(JsonNode row) {
        Frame frame = Decoder.decode(Fixtures.bytes(row.get("file").asText()), MAX_PIXELS);

        assertThat(frame.width()).isEqualTo(row.get("width").asInt());
        assertThat(frame.height()).isEqualTo(row.get("height").asInt());
        JsonNode numbers = row.has("high_byte") ? row.get("high_byte") : row; // spec 3.1: not the saturated values
        int tolerance = row.get("exact").asBoolean() ? 0 : 2;
        for (JsonNode sample : numbers.get("samples")) {
            int at = sample.get(0).asInt();
            assertThat(frame.rgb()[at] & 0xff)
                    .as("value %d", at)
                    .isCloseTo(sample.get(1).asInt(), Offset.offset(tolerance));
        }
        for (int channel = 0; channel < 3; channel++) {
            assertThat(mean(frame, channel))
                    .isCloseTo(numbers.get("channel_mean").get(channel).asDouble(), Offset.offset(tolerance + 1e-4));
        }
        if (tolerance == 0) {
            assertThat(Fixtures.sha256(frame.rgb()))
                    .isEqualTo(numbers.get("sha256_rgb").asText());
        }
    }

    /** See the note in pictures/expected.json. */
    @TestFactory
    Stream<DynamicTest> oddFilesComeOutAsTheReferenceHasThem() {
        return StreamSupport.stream(
                        Fixtures.json("../pictures/expected.json")
                                .get("pictures")
                                .spliterator(),
                        false)
                .map(row -> DynamicTest.dynamicTest(row.get("file").asText(), () -> {
                    Frame frame = Decoder.decode(
                            Fixtures.bytes("../pictures/" + row.get("file").asText()), MAX_PIXELS);

                    assertThat(frame.width()).isEqualTo(row.get("width").asInt());
                    assertThat(frame.height()).isEqualTo(row.get("height").asInt());
                    assertThat(Fixtures.sha256(frame.rgb()))
                            .isEqualTo(row.get("sha256_rgb").asText());
                }));
    }

    @Test
    void aHeaderThatClaimsTooMuchIsRefusedBeforeAnythingIsDecoded() {
        byte[] header = HexFormat.of().parseHex("89504e470d0a1a0a0000000d494844520000ea600000ea600802000000");

        assertThat(refusal(header, MAX_PIXELS))
                .isEqualTo("the picture has 60000 x 60000 = 3600000000 pixels; at most 64000000 are taken");
    }

    @Test
    void evenWithoutALimitAFrameMustFitAnArray() {
        byte[] header = HexFormat.of().parseHex("89504e470d0a1a0a0000000d494844520000ea600000ea600802000000");

        assertThat(refusal(header, Long.MAX_VALUE)).contains("at most 715827882 are taken");
    }

    @Test
    void theLimitItselfIsAllowed() {
        byte[] photo = Fixtures.bytes("photos/cat_rgba.png");

        assertThat(Decoder.decode(photo, 219 * 152).width()).isEqualTo(219);
        assertThat(refusal(photo, 219 * 152 - 1)).contains("219 x 152 = 33288 pixels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "photos/cup_landscape.jpg",
                "photos/decode/progressive_420.jpg",
                "photos/decode/cmyk.jpg",
                "photos/decode/rgba.png",
                "photos/decode/lossless.webp",
                "photos/decode/lossy.webp",
                "photos/decode/one.gif",
                "photos/decode/plain.bmp",
                "photos/decode/rgb.tif",
            })
    void aPictureCutInHalfIsRefusedAsTheReferenceDoes(String file) {
        byte[] whole = Fixtures.bytes(file);

        assertThat(refusal(Arrays.copyOf(whole, whole.length / 2), MAX_PIXELS)).contains("cut off");
    }

    @Test
    void aJpegWithoutItsLastTwoBytesIsRefusedToo() {
        byte[] whole = Fixtures.bytes("photos/cup_landscape.jpg");

        assertThat(refusal(Arrays.copyOf(whole, whole.length - 2), MAX_PIXELS))
                .isEqualTo("the JPEG cannot be decoded: it is cut off or broken");
    }

    @Test
    void whatFollowsAJpegDoesNotMatter() {
        byte[] whole = Fixtures.bytes("photos/cup_landscape.jpg");

        Frame followed = Decoder.decode(Arrays.copyOf(whole, whole.length + 1000), MAX_PIXELS);

        assertThat(followed.rgb()).isEqualTo(Decoder.decode(whole, MAX_PIXELS).rgb());
    }

    /** A bounded hunt for anything but a frame or a refusal; the seed is fixed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "photos/decode/gray.jpg",
                "photos/decode/palette_trns.png",
                "photos/decode/lossy.webp",
                "photos/decode/one.gif",
                "photos/decode/plain.bmp",
                "photos/decode/rgb.tif",
                "../pictures/transparent.gif",
                "../pictures/alpha.tif",
            })
    void noDamageBringsAnythingButAFrameOrARefusal(String file) {
        byte[] whole = Fixtures.bytes(file);
        var random = new Random(file.hashCode());

        for (int round = 0; round < 100; round++) {
            byte[] damaged = whole.clone();
            for (int change = random.nextInt(6); change >= 0; change--) {
                damaged[random.nextInt(Math.min(damaged.length, 1 << random.nextInt(4, 16)))] =
                        (byte) random.nextInt(256);
            }
            try {
                assertThat(Decoder.decode(damaged, 1_000_000).rgb()).isNotEmpty();
            } catch (Rejected rejected) {
                assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class);
            }
        }
    }

    @Test
    void manyThreadsDecodeTheSame() throws Exception {
        List<byte[]> files = Stream.of("photos/cup_landscape.jpg", "photos/decode/rgba.png", "photos/decode/lossy.webp")
                .map(Fixtures::bytes)
                .toList();
        List<String> expected = files.stream()
                .map(file -> Fixtures.sha256(Decoder.decode(file, MAX_PIXELS).rgb()))
                .toList();
        Callable<List<String>> decodeAll = () -> files.stream()
                .map(file -> Fixtures.sha256(Decoder.decode(file, MAX_PIXELS).rgb()))
                .toList();

        try (var threads = Executors.newFixedThreadPool(8)) {
            for (Future<List<String>> decoded : threads.invokeAll(java.util.Collections.nCopies(40, decodeAll))) {
                assertThat(decoded.get()).isEqualTo(expected);
            }
        }
    }

    private static String refusal(byte[] encoded, long maxPixels) {
        var detail = new String[1];
        assertThatThrownBy(() -> Decoder.decode(encoded, maxPixels))
                .isInstanceOfSatisfying(Rejected.class, rejected -> {
                    assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class);
                    detail[0] = rejected.problem().detail();
                });
        return detail[0];
    }

    private static double mean(Frame frame, int channel) {
        long sum = 0;
        for (int i = channel; i < frame.rgb().length; i += 3) {
            sum += frame.rgb()[i] & 0xff;
        }
        return (double) sum / (frame.width() * frame.height());
    }
}
