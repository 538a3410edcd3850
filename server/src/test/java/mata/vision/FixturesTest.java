package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import mata.engine.EngineOptions;
import mata.engine.Tensor;
import mata.engine.ort.OrtEngine;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.image.Decoder;
import mata.image.Frame;
import mata.testing.Fixture;
import mata.testing.RecordingEngine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every family against the reference's numbers, step by step from the decoded picture to the answer: the first step that
 * differs is the one that fails. Tolerances are those of spec 20.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FixturesTest {

    private final RecordingEngine engine = new RecordingEngine(new OrtEngine());
    private final Map<Fixture, Pipeline> pipelines = new LinkedHashMap<>();
    private final FamilyReport report = new FamilyReport();

    static Stream<Fixture.Case> cases() {
        return Fixture.all().stream().flatMap(fixture -> fixture.cases().stream());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepGivesTheReferencesNumbers(Fixture.Case given) {
        report.count(given.fixture());
        Frame frame = Decoder.decode(given.photo(), Long.MAX_VALUE);
        assertDecoded(frame, given);

        engine.forget();
        Outcome outcome = pipeline(given.fixture()).infer(frame, given.params());

        assertTensors("prepared", engine.inputs(), given.json().path("preprocess"), level(given.fixture()));
        assertTensors("raw", engine.outputs(), given.json().path("raw"), Double.NaN);
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        Deviation deviation = Answers.compare(((Outcome.Done) outcome).result(), frame, given);
        report.passed(given.fixture(), deviation);
    }

    private Pipeline pipeline(Fixture fixture) {
        return pipelines.computeIfAbsent(fixture, _ -> {
            ModelFolder folder = ModelFolder.read(fixture.model(), NumberFormat.FP32);
            Family family = Recognition.family(folder, fixture.serverTask());
            return Pipelines.open(folder, family, engine, EngineOptions.cpu(0), Map.of());
        });
    }

    private static void assertDecoded(Frame frame, Fixture.Case given) {
        JsonNode decoded = given.json().path("decoded");
        assertThat(frame.width())
                .as("decoded width")
                .isEqualTo(decoded.path("width").asInt());
        assertThat(frame.height())
                .as("decoded height")
                .isEqualTo(decoded.path("height").asInt());
        var means = new double[3];
        for (int i = 0; i < frame.rgb().length; i++) {
            means[i % 3] += (frame.rgb()[i] & 0xff) / (frame.rgb().length / 3.0);
        }
        for (int channel = 0; channel < 3; channel++) {
            assertThat(means[channel])
                    .as("decoded mean of channel " + channel)
                    .isCloseTo(
                            decoded.path("rgb_mean").path(channel).asDouble(), within(given.isLossless() ? 1e-3 : 0.1));
        }
    }

    /** One grey level in the numbers that the graph takes: the widest that any value may differ by (spec 20). */
    private static double level(Fixture fixture) {
        double std = 1;
        for (JsonNode channel : fixture.json("preprocessor_config.json").path("image_std")) {
            std = Math.min(std, channel.asDouble());
        }
        return 1 / 255.0 / (fixture.name().equals("efficientnet") ? std * std : std);
    }

    /**
     * @param most what a value may differ by, with a mean below 1e-3; NaN: a thousandth of the reference's range
     */
    private static void assertTensors(String step, Map<String, Tensor> tensors, JsonNode reference, double most) {
        reference.properties().forEach(entry -> {
            Tensor tensor = tensors.get(entry.getKey());
            JsonNode expected = entry.getValue();
            if (tensor instanceof Tensor.Longs tokens && expected.isArray()) {
                assertThat(tokens.data().duplicate())
                        .as(step + " " + entry.getKey())
                        .isEqualTo(LongBuffer.wrap(numbers(expected).toArray()));
                return;
            }
            if (tensor == null || !expected.has("shape")) {
                return; // what the reference computes on the way, not a tensor of the graph
            }
            String what = step + " " + entry.getKey();
            assertThat(tensor.shape()).as(what + " shape").containsExactly(longs(expected.path("shape")));
            if (tensor instanceof Tensor.Floats floats) {
                assertSamples(what, floats, expected, most);
            } else if (tensor instanceof Tensor.Longs longs && expected.has("value")) {
                long value = expected.path("value").asLong();
                assertThat(longs.data().duplicate()).as(what).satisfies(data -> {
                    while (data.hasRemaining()) {
                        assertThat(data.get()).isEqualTo(value);
                    }
                });
            }
        });
    }

    /** All numbers of lists within lists. */
    private static LongStream numbers(JsonNode node) {
        return node.isArray() ? node.valueStream().flatMapToLong(FixturesTest::numbers) : LongStream.of(node.asLong());
    }

    private static void assertSamples(String what, Tensor.Floats tensor, JsonNode expected, double most) {
        double range = expected.path("max").asDouble() - expected.path("min").asDouble();
        double tolerance = Double.isNaN(most) ? 1e-3 * range : most;
        double sum = 0;
        for (JsonNode sample : expected.path("samples")) {
            int index = sample.path(0).asInt();
            if (sample.path(1).isNull()) { // JSON knows no infinity
                assertThat(tensor.get(index)).as("%s[%d]", what, index).isInfinite();
                continue;
            }
            assertThat((double) tensor.get(index))
                    .as("%s[%d]", what, index)
                    .isCloseTo(sample.path(1).asDouble(), within(tolerance));
            sum += Math.abs(tensor.get(index) - sample.path(1).asDouble());
        }
        if (!Double.isNaN(most)) {
            assertThat(sum / expected.path("samples").size())
                    .as(what + " mean difference")
                    .isLessThan(1e-3);
        }
    }

    private static org.assertj.core.data.Offset<Double> within(double tolerance) {
        return org.assertj.core.data.Offset.offset(tolerance);
    }

    private static long[] longs(JsonNode list) {
        var longs = new long[list.size()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = list.path(i).asLong();
        }
        return longs;
    }

    @AfterAll
    void summariseAndCompareWithTheCommittedSummary() throws IOException {
        pipelines.values().forEach(Pipeline::close);
        engine.close();
        Files.writeString(Path.of("target/families.md"), report.table());
        if (report.cases() == cases().count()) {
            assertThat(report.withoutFigures(report.table()))
                    .as("docs/families.md is a copy of target/families.md")
                    .isEqualTo(report.withoutFigures(Files.readString(Path.of("../docs/families.md"))));
        }
    }
}
