package mata.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SafeTensorsTest {

    private static final String TWO_TENSORS = """
            {"__metadata__": {"format": "pt"},
             "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]},
             "a": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [0, 4]}}""";

    @TempDir
    Path folder;

    @Test
    void aTensorIsFoundByNameWithItsTypeShapeAndPlace() throws IOException {
        Path file = write("model.safetensors", TWO_TENSORS, 12);

        StoredTensor b = SafeTensors.in(folder).find("b").orElseThrow();

        long dataStart = 8L + TWO_TENSORS.getBytes(StandardCharsets.UTF_8).length;
        assertThat(b.type()).isEqualTo(StoredType.F32);
        assertThat(b.shape()).containsExactly(2L);
        assertThat(b.file()).isEqualTo(file.toRealPath());
        assertThat(b.offset()).isEqualTo(dataStart + 4);
        assertThat(b.length()).isEqualTo(8);
    }

    @Test
    void mappedBytesAreTheTensorsOwn() throws IOException {
        write("model.safetensors", TWO_TENSORS, 12);
        SafeTensors tensors = SafeTensors.in(folder);

        try (MappedTensors mapped = MappedTensors.of(tensors.all())) {
            MemorySegment b = mapped.bytes(tensors.find("b").orElseThrow());

            assertThat(b.toArray(ValueLayout.JAVA_BYTE)).containsExactly(4, 5, 6, 7, 8, 9, 10, 11);
            assertThat(b.isReadOnly()).isTrue();
        }
    }

    @Test
    void shardsAreReadThroughTheirIndex() throws IOException {
        write("one.safetensors", "{\"a\": {\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [0, 3]}}", 3);
        write("two.safetensors", "{\"b\": {\"dtype\": \"I64\", \"shape\": [], \"data_offsets\": [0, 8]}}", 8);
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                "{\"weight_map\": {\"b\": \"two.safetensors\", \"a\": \"one.safetensors\"}}");

        SafeTensors tensors = SafeTensors.in(folder);

        assertThat(tensors.names()).containsExactly("b", "a");
        assertThat(tensors.find("b").orElseThrow().file().getFileName()).hasToString("two.safetensors");
        assertThat(tensors.bytes()).isEqualTo(11);
    }

    @Test
    void filesBehindTheLinksOfAHubCacheAreFoundWhereTheyLie() throws IOException {
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Path snapshot = Files.createDirectory(folder.resolve("snapshot"));
        Files.move(write("model.safetensors", TWO_TENSORS, 12), blobs.resolve("0a1b"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../blobs/0a1b"));

        SafeTensors tensors = SafeTensors.in(snapshot);

        assertThat(tensors.find("a").orElseThrow().file())
                .isEqualTo(blobs.resolve("0a1b").toRealPath());
        assertThat(tensors.folder()).isEqualTo(blobs.toRealPath());
    }

    static Stream<Arguments> indexes() {
        return Stream.of(
                Arguments.of("{\"weight_map\": {\"z\": \"one.safetensors\"}}", "says that z is in one.safetensors"),
                Arguments.of("{\"weight_map\": {\"a\": \"../one.safetensors\"}}", "no name of a file beside it"),
                Arguments.of("{\"weight_map\": {\"a\": \"/one.safetensors\"}}", "no name of a file beside it"),
                Arguments.of("{\"weight_map\": {\"a\": \"lost.safetensors\"}}", "lost.safetensors: no such file"),
                Arguments.of("{\"weight_map\": {}}", "has no weight_map"),
                Arguments.of("{\"weight_map\"", "is not JSON"));
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void anIndexThatDoesNotHoldIsRefused(String index, String because) throws IOException {
        write("one.safetensors", "{\"a\": {\"dtype\": \"U8\", \"shape\": [3], \"data_offsets\": [0, 3]}}", 3);
        Files.writeString(folder.resolve("model.safetensors.index.json"), index);

        assertThatThrownBy(() -> SafeTensors.in(folder))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining(because);
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.of("[]", 0, "does not start with '{'"),
                Arguments.of("", 0, "does not start with '{'"),
                Arguments.of("{\"a\":", 0, "is not JSON"),
                Arguments.of("{} {}", 0, "is not JSON"),
                Arguments.of("{\"__metadata__\": 3}", 0, "__metadata__ that is no object"),
                Arguments.of(one("U8", "[1]", "[0, 1]") + "}", 1, "is not JSON"),
                Arguments.of("{\"a\": 1, \"a\": 2}", 0, "Duplicate field 'a'"),
                Arguments.of(
                        "{\"\": {\"dtype\": \"U8\", \"shape\": [], \"data_offsets\": [0, 1]}}",
                        1,
                        "names a tensor \"\""),
                Arguments.of(one("F4", "[1]", "[0, 1]"), 1, "tensor a has the unknown dtype \"F4\""),
                Arguments.of(one("u8", "[1]", "[0, 1]"), 1, "unknown dtype \"u8\""),
                Arguments.of(one("U8", "1", "[0, 1]"), 1, "has no list shape"),
                Arguments.of(one("U8", "[-1]", "[0, 1]"), 1, "has -1 in its shape"),
                Arguments.of(one("U8", "[1.5]", "[0, 1]"), 1, "has 1.5 in its shape"),
                Arguments.of(one("U8", "[36893488147419103232]", "[0, 1]"), 1, "in its shape, no count"),
                Arguments.of(one("F32", "[4611686018427387904, 4]", "[0, 1]"), 1, "shape too large to count"),
                Arguments.of(one("U8", "[1]", "[0]"), 1, "not a first and a last byte"),
                Arguments.of(one("U8", "[1]", "[2, 1]"), 2, "not a first and a last byte"),
                Arguments.of(one("U8", "[4]", "[0, 4]"), 3, "ends at byte 4 of 3"),
                Arguments.of(one("F32", "[2]", "[0, 4]"), 4, "fills 4 bytes, but F32 [2] takes 8"),
                Arguments.of(one("U8", "[2]", "[1, 3]"), 3, "leaves a gap of 1 bytes before it"),
                Arguments.of(one("U8", "[2]", "[0, 2]"), 5, "has 3 bytes after its last tensor"),
                Arguments.of(
                        "{\"a\": {\"dtype\": \"U8\", \"shape\": [2], \"data_offsets\": [0, 2]},"
                                + " \"b\": {\"dtype\": \"U8\", \"shape\": [2], \"data_offsets\": [1, 3]}}",
                        3,
                        "tensor b overlaps the tensor before it by 1 bytes"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aMalformedHeaderIsRefusedWithWhatIsWrong(String header, int data, String because) throws IOException {
        write("model.safetensors", header, data);

        assertThatThrownBy(() -> SafeTensors.in(folder))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(because);
    }

    @Test
    void aHeaderLengthBeyondTheFileOrTheLimitIsRefusedBeforeItIsRead() throws IOException {
        Path file = folder.resolve("model.safetensors");

        for (long length : new long[] {3, 100_000_001, Long.MAX_VALUE, -1}) {
            Files.write(
                    file,
                    ByteBuffer.allocate(10)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array());

            assertThatThrownBy(() -> SafeTensors.in(folder))
                    .isInstanceOf(Rejected.class)
                    .hasMessageContaining("announces a header of " + Long.toUnsignedString(length));
        }
        Files.write(file, new byte[7]);
        assertThatThrownBy(() -> SafeTensors.in(folder))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("too short");
    }

    /** Whatever the bytes are: either every range lies in the file, or the refusal names the file. Nothing else escapes. */
    @Test
    void scrambledFilesAreReadOrRefusedButNeverAnythingElse() throws IOException {
        byte[] sound = Files.readAllBytes(write("model.safetensors", TWO_TENSORS, 12));
        var random = new Random(20261125);
        int refused = 0;

        for (int round = 0; round < 3000; round++) {
            byte[] scrambled = scramble(sound, random);
            Files.write(folder.resolve("model.safetensors"), scrambled);
            try {
                for (StoredTensor tensor : SafeTensors.in(folder).all()) {
                    assertThat(tensor.offset()).isNotNegative();
                    assertThat(tensor.offset() + tensor.length()).isBetween(0L, (long) scrambled.length);
                }
            } catch (Rejected rejected) {
                refused++;
                assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class);
                assertThat(rejected).hasMessageContaining("model.safetensors").hasMessageNotContaining("\n");
            }
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private static byte[] scramble(byte[] sound, Random random) {
        byte[] bytes = random.nextInt(4) == 0
                ? java.util.Arrays.copyOf(sound, random.nextInt(sound.length + 8))
                : sound.clone();
        for (int change = random.nextInt(4); change >= 0 && bytes.length > 0; change--) {
            int at = random.nextInt(bytes.length);
            bytes[at] = random.nextBoolean()
                    ? (byte) random.nextInt()
                    : (byte) "{}[]\",:0123456789-eE".charAt(random.nextInt(20));
        }
        return bytes;
    }

    private static String one(String type, String shape, String offsets) {
        return "{\"a\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}}".formatted(type, shape, offsets);
    }

    /** A file with this header and data bytes 0, 1, 2, … */
    private Path write(String name, String header, int data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        for (int i = 0; i < data; i++) {
            bytes.put((byte) i);
        }
        return Files.write(folder.resolve(name), bytes.array());
    }
}
