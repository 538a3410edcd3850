package mata.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mata.safetensors.SafeTensors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every family's graph against the outputs that PyTorch gave for the same checkpoint and input. The references in {@code
 * fixtures/native} are those of transformers 4.57.6 in float32 (each {@code expected.json} says with what it was made).
 * Tolerance: 1e-4 of the largest output, as the fixtures state for float32 arithmetic.
 */
final class NativeFixturesTest {

    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/native");
    private static final double TOLERANCE = 1e-4;
    private static final JsonMapper JSON = new JsonMapper();

    static Stream<Arguments> cases() throws IOException {
        var cases = new ArrayList<Arguments>();
        try (Stream<Path> families = Files.list(FIXTURES)) {
            for (Path family : families.filter(Files::isDirectory).sorted().toList()) {
                JsonNode expected =
                        JSON.readTree(family.resolve("expected.json").toFile());
                for (JsonNode each : expected.path("cases")) {
                    if (each.path("id").asText().startsWith("synthetic")) {
                        cases.add(Arguments.of(
                                family.getFileName().toString(), each.path("id").asText(), each));
                    }
                }
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void theGraphGivesWhatTheReferenceGave(String family, String id, JsonNode wanted) throws IOException, OrtException {
        Path folder = FIXTURES.resolve(family);
        Map<String, Object> tree =
                JSON.readValue(folder.resolve("model/config.json").toFile(), new TypeReference<>() {});
        List<NativeGraph> graphs = NativeModels.graphs(Config.of(tree), SafeTensors.in(folder.resolve("model")));

        Map<String, OnnxTensor> known = new HashMap<>();
        for (Map.Entry<String, JsonNode> input : wanted.path("inputs").properties()) {
            known.put(input.getKey(), input(input.getValue(), folder));
        }
        emptyPrompts(known);
        var compared = new ArrayList<String>();
        for (NativeGraph each : graphs) {
            try (OrtGraph graph = new OrtGraph(each)) {
                Map<String, OnnxTensor> fed = new HashMap<>(known);
                fed.keySet().retainAll(graph.session().getInputNames());
                assertThat(fed.keySet()).isEqualTo(graph.session().getInputNames());
                OrtSession.Result outputs = graph.run(fed);
                for (String name : graph.session().getOutputNames()) {
                    OnnxTensor output = (OnnxTensor) outputs.get(name).orElseThrow();
                    known.put(name, output);
                    JsonNode file = wanted.path("raw").path(name).path("file");
                    if (file.isTextual()) {
                        assertClose(family + " " + id + " " + name, output, reference(folder.resolve(file.asText())));
                        compared.add(name);
                    }
                }
            }
        }
        assertThat(compared).isNotEmpty();
    }

    /** SAM's second graph takes points and boxes; a case that has one kind feeds none of the other. */
    private static void emptyPrompts(Map<String, OnnxTensor> known) throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (known.containsKey("input_points")) {
            known.putIfAbsent(
                    "input_boxes", OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), new long[] {1, 0, 4}));
        } else if (known.containsKey("input_boxes")) {
            long objects = known.get("input_boxes").getInfo().getShape()[1];
            known.put(
                    "input_points",
                    OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), new long[] {1, objects, 0, 2}));
            known.put(
                    "input_labels",
                    OnnxTensor.createTensor(environment, LongBuffer.allocate(0), new long[] {1, objects, 0}));
        }
    }

    /** The float64 answer where float32 is known to be too noisy to test against (README beside the fixtures). */
    private static Npy reference(Path float32) throws IOException {
        Path exact = Path.of(float32.toString().replace(".npy", "_float64.npy"));
        return Npy.read(Files.exists(exact) ? exact : float32);
    }

    private static void assertClose(String what, OnnxTensor output, Npy reference) throws OrtException {
        float[] got = new float[Math.toIntExact(output.getInfo().getNumElements())];
        output.getFloatBuffer().get(got);
        double[] wanted = reference.values();

        assertThat(output.getInfo().getShape()).as(what).isEqualTo(reference.shape());
        // -inf and the float minimum stand for "never" in some outputs: they must be met exactly
        double largest =
                Arrays.stream(wanted).map(Math::abs).filter(x -> x < 1e30).max().orElseThrow();
        for (int i = 0; i < got.length; i++) {
            if (Math.abs(wanted[i]) < 1e30) {
                assertThat((double) got[i])
                        .as(what + " [" + i + "]")
                        .isCloseTo(wanted[i], org.assertj.core.data.Offset.offset(TOLERANCE * largest));
            } else {
                assertThat(got[i]).as(what + " [" + i + "]").isEqualTo((float) wanted[i]);
            }
        }
    }

    /** An input as the fixtures write it: a formula, one value everywhere, all values, or a file. */
    private static OnnxTensor input(JsonNode input, Path folder) throws IOException, OrtException {
        long[] shape = StreamSupport.stream(input.path("shape").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
        int count = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        double[] values = new double[count];
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
                    .isEqualTo(count);
            for (JsonNode sample : input.path("samples")) {
                values[sample.get(0).asInt()] = sample.get(1).asDouble();
            }
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (input.has("values") || input.has("value")) {
            return OnnxTensor.createTensor(
                    environment,
                    LongBuffer.wrap(
                            Arrays.stream(values).mapToLong(x -> (long) x).toArray()),
                    shape);
        }
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) values[i];
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape);
    }
}
