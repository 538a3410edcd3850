package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader against Jackson's own data binding, and against bytes that nobody meant as JSON. Seeds are fixed. */
final class JsonObjectsTest {

    private static final ObjectMapper BINDING = new ObjectMapper();
    private static final Set<String> PICTURES = Set.of("image", "images");

    @Test
    void everyKindOfValueIsAPlainOne() {
        Map<String, @Nullable Object> read =
                read("{\"text\":\"a\\n\u00e9\\ud83d\\ude00\",\"whole\":7,\"long\":9999999999,"
                        + "\"huge\":99999999999999999999,\"real\":1.5,\"yes\":true,\"no\":false,\"none\":null,"
                        + "\"list\":[1,[2,{}]],\"object\":{\"a\":{\"b\":[]}}}");

        Map<String, @Nullable Object> expected = new HashMap<>();
        expected.put("text", "a\n\u00e9\ud83d\ude00");
        expected.put("whole", 7);
        expected.put("long", 9_999_999_999L);
        expected.put("huge", new BigInteger("99999999999999999999"));
        expected.put("real", 1.5);
        expected.put("yes", true);
        expected.put("no", false);
        expected.put("none", null);
        expected.put("list", List.of(1, List.of(2, Map.of())));
        expected.put("object", Map.of("a", Map.of("b", List.of())));
        assertThat(read).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"image\":\"%s\",\"a\":1}",
                "{ \"a\" : 1 ,\n\t\"image\"  :  \"%s\" }",
                "\uFEFF{\"a\":1,\"image\": \"%s\"}"
            })
    void aPictureStaysInTheBody(String json) {
        byte[] body = json.formatted("AQID").getBytes(StandardCharsets.UTF_8);

        Map<String, @Nullable Object> read = JsonObjects.read(body, PICTURES);

        assertThat(read.get("a")).isEqualTo(1);
        assertThat(read.get("image")).isInstanceOfSatisfying(EncodedPicture.class, picture -> {
            assertThat(picture.body()).isSameAs(body);
            assertThat(picture.decode()).containsExactly(1, 2, 3);
        });
    }

    @Test
    void onlyTheOutermostMemberOfThatNameIsAPicture() {
        assertThat(read("{\"params\":{\"image\":\"AQID\"}}")).isEqualTo(Map.of("params", Map.of("image", "AQID")));
    }

    @Test
    void whatIsWrittenByJacksonIsReadAsJacksonReadsIt() throws IOException {
        var random = new Random(20_261_125);
        for (int i = 0; i < 500; i++) {
            Map<String, @Nullable Object> object = object(random, 0);
            byte[] json = BINDING.writeValueAsBytes(object);

            assertThat(JsonObjects.read(json, Set.of())).isEqualTo(BINDING.readValue(json, Map.class));
        }
    }

    @Test
    void everyPictureIsFoundWhateverStandsAroundIt() throws IOException {
        var random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] picture = new byte[random.nextInt(200)];
            random.nextBytes(picture);
            Map<String, @Nullable Object> object = object(random, 0);
            object.remove("image");
            object.put("image", Base64.getEncoder().encodeToString(picture));
            byte[] json = random.nextBoolean()
                    ? BINDING.writeValueAsBytes(object)
                    : BINDING.writerWithDefaultPrettyPrinter().writeValueAsBytes(object);

            assertThat(JsonObjects.read(json, Set.of("image")).get("image"))
                    .isInstanceOfSatisfying(
                            EncodedPicture.class,
                            found -> assertThat(found.decode()).isEqualTo(picture));
        }
    }

    /** Bytes changed, cut out, doubled: the answer is a map, or a complaint that says what and where; never anything else. */
    @Test
    void damagedRequestsAreReadOrRefusedButNeverBreakTheReader() {
        var random = new Random(42);
        byte[] sound =
                "{\"model\":\"a/b\",\"image\":\"AQID\\/w==\",\"images\":[\"AQID\",null,7],\"params\":{\"confidence\":0.4,\"prompts\":[\"cat\",\"d\u00f6g\"]},\"keep_alive\":-1}"
                        .getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = damage(sound, random);
            try {
                Map<String, @Nullable Object> read = JsonObjects.read(damaged, PICTURES);
                decodeAll(read.values());
            } catch (Rejected rejected) {
                refused++;
                assertThat(rejected.problem()).isInstanceOfSatisfying(Problem.Invalid.class, invalid -> {
                    assertThat(invalid.faults()).hasSize(1);
                    assertThat(invalid.faults().getFirst().loc().getFirst()).isEqualTo("body");
                    assertThat(invalid.detail()).doesNotContain("com.fasterxml", "java.");
                });
            }
        }
        assertThat(refused).isBetween(500, 4_999);
    }

    @Test
    void randomBytesAreRefused() {
        var random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            try {
                JsonObjects.read(noise, PICTURES);
            } catch (Rejected rejected) {
                assertThat(rejected.problem()).isInstanceOf(Problem.Invalid.class);
            }
        }
    }

    private static Map<String, @Nullable Object> read(String json) {
        return JsonObjects.read(json.getBytes(StandardCharsets.UTF_8), PICTURES);
    }

    private static void decodeAll(Iterable<? extends @Nullable Object> values) {
        for (Object value : values) {
            if (value instanceof EncodedPicture picture) {
                try {
                    picture.decode();
                } catch (IllegalArgumentException e) {
                    assertThat(e).hasMessageNotContaining("java.");
                }
            } else if (value instanceof List<?> list) {
                decodeAll(list);
            }
        }
    }

    private static byte[] damage(byte[] sound, Random random) {
        byte[] damaged = sound.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && damaged.length > 1; times--) {
            int at = random.nextInt(damaged.length);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] = (byte) random.nextInt(256);
                case 1 -> damaged[at] = (byte) "{}[]\",:\\u0/=+-.eE \n".charAt(random.nextInt(19));
                case 2 -> damaged = Arrays.copyOf(damaged, at);
                default -> {
                    byte[] longer = Arrays.copyOf(damaged, damaged.length + 1);
                    System.arraycopy(damaged, at, longer, at + 1, damaged.length - at);
                    damaged = longer;
                }
            }
        }
        return damaged;
    }

    private static Map<String, @Nullable Object> object(Random random, int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int members = random.nextInt(6); members > 0; members--) {
            object.put(text(random), value(random, depth + 1));
        }
        return object;
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 4 ? 6 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20.0);
            case 5 -> text(random);
            case 6 -> object(random, depth);
            default -> {
                List<@Nullable Object> list = new ArrayList<>();
                for (int items = random.nextInt(4); items > 0; items--) {
                    list.add(value(random, depth + 1));
                }
                yield list;
            }
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.appendCodePoint(
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(32);
                        case 1 -> "\"\\/{}[]:,".charAt(random.nextInt(9));
                        case 2 -> 0x1F600 + random.nextInt(64);
                        case 3 -> 0xC0 + random.nextInt(0x300);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }
}
