package mata.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mata.safetensors.SafeTensors;

/**
 * A tiny checkpoint of one family with the outputs that PyTorch gave for it: transformers 4.57.6 in float32, as each {@code
 * expected.json} says.
 */
record Fixture(Path folder, JsonNode expected) {

    /** As the fixtures state for float32 arithmetic: of the largest output. */
    private static final double TOLERANCE = 1e-4;

    private static final Path ROOT = Path.of("src/test/resources/fixtures/native");
    private static final JsonMapper JSON = new JsonMapper();

    static Fixture of(String family) throws IOException {
        Path folder = ROOT.resolve(family);
        return new Fixture(folder, JSON.readTree(folder.resolve("expected.json").toFile()));
    }

    static List<String> families() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    String family() {
        return folder.getFileName().toString();
    }

    Config config() throws IOException {
        return Config.of(JSON.readValue(
                folder.resolve("model/config.json").toFile(), new TypeReference<Map<String, Object>>() {}));
    }

    SafeTensors weights() throws IOException {
        return SafeTensors.in(folder.resolve("model"));
    }

    List<NativeGraph> graphs() throws IOException {
        return NativeModels.graphs(config(), weights());
    }

    NativeGraph graph(String name) throws IOException {
        return graphs().stream()
                .filter(graph -> graph.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The cases whose inputs are written down rather than made from a picture. */
    List<JsonNode> syntheticCases() {
        return StreamSupport.stream(expected.path("cases").spliterator(), false)
                .filter(each -> each.path("id").asText().startsWith("synthetic"))
                .toList();
    }

    JsonNode oneCase(String id) {
        return StreamSupport.stream(expected.path("cases").spliterator(), false)
                .filter(each -> each.path("id").asText().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** An input as the fixtures write it: a formula, one value everywhere, all values, or a file. */
    Numbers input(JsonNode wanted, String name) throws IOException {
        JsonNode input = wanted.path("inputs").path(name);
        long[] shape = StreamSupport.stream(input.path("shape").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
        double[] values = new double[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        if (input.has("formula")) {
            assertThat(input.path("formula").asText()).startsWith("float32(sin(0.01 * i))");
            Arrays.setAll(values, i -> Math.sin(0.01 * i));
        } else if (input.has("values")) {
            Arrays.setAll(values, i -> input.path("values").get(i).asDouble());
        } else if (input.has("value")) {
            Arrays.fill(values, input.path("value").asDouble());
        } else if (input.has("file")) {
            values = Npy.read(folder.resolve(input.path("file").asText())).values();
        } else {
            assertThat(input.path("samples").size())
                    .as("samples of a small input are all of it")
                    .isEqualTo(values.length);
            for (JsonNode sample : input.path("samples")) {
                values[sample.get(0).asInt()] = sample.get(1).asDouble();
            }
        }
        return new Numbers(values, input.has("values") || input.has("value"), shape);
    }

    boolean hasOutput(JsonNode wanted, String name) {
        return wanted.path("raw").path(name).path("file").isTextual();
    }

    /** The float64 answer where float32 is known to be too noisy to test against (README beside the fixtures). */
    Npy output(JsonNode wanted, String name) throws IOException {
        Path float32 = folder.resolve(wanted.path("raw").path(name).path("file").asText());
        Path exact = Path.of(float32.toString().replace(".npy", "_float64.npy"));
        return Npy.read(Files.exists(exact) ? exact : float32);
    }

    /** Embedded tokens with the picture's features, in order, in the places of the picture's tokens. */
    OnnxTensor withPicture(OnnxTensor embedded, long[] ids, OnnxTensor features) throws OrtException, IOException {
        long picture = config().integer(config().has("image_token_id") ? "image_token_id" : "image_token_index");
        long[] shape = embedded.getInfo().getShape();
        int width = Math.toIntExact(shape[2]);
        FloatBuffer all = FloatBuffer.allocate(ids.length * width).put(embedded.getFloatBuffer());
        FloatBuffer from = features.getFloatBuffer();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == picture) {
                all.put(i * width, from, from.position(), width);
                from.position(from.position() + width);
            }
        }
        assertThat(from.hasRemaining()).as("every feature has a place").isFalse();
        return OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), all.rewind(), shape);
    }

    /** As {@link #assertClose}, whatever the shapes. */
    void assertCloseFlat(String what, OnnxTensor output, Npy reference) throws OrtException {
        assertClose(what, output, new Npy(reference.values(), output.getInfo().getShape()));
    }

    /** Within {@link #TOLERANCE}; -inf and the float minimum, which stand for "never", exactly. */
    void assertClose(String what, OnnxTensor output, Npy reference) throws OrtException {
        assertThat(output.getInfo().getShape())
                .as("shape of %s of %s", what, family())
                .isEqualTo(reference.shape());
        float[] got = new float[Math.toIntExact(output.getInfo().getNumElements())];
        output.getFloatBuffer().get(got);
        double[] wanted = reference.values();
        double largest =
                Arrays.stream(wanted).map(Math::abs).filter(x -> x < 1e30).max().orElseThrow();
        for (int i = 0; i < got.length; i++) {
            if (Math.abs(wanted[i]) < 1e30) {
                assertThat((double) got[i])
                        .as("%s of %s at %d", what, family(), i)
                        .isCloseTo(wanted[i], offset(TOLERANCE * largest));
            } else {
                assertThat(got[i]).as("%s of %s at %d", what, family(), i).isEqualTo((float) wanted[i]);
            }
        }
    }

    @Override
    public String toString() {
        return family();
    }
}
