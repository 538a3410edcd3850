package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mata.engine.EngineOptions;
import mata.engine.ort.OrtEngine;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.image.Decoder;
import mata.image.Frame;
import mata.params.ParamsReader;
import mata.result.Classification;
import mata.result.Result;
import mata.testing.Fixture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plain checkpoints, without any graph, from photo to answer. The answers are those of transformers 4.57.6 on the same
 * checkpoint (fixtures/native, each {@code expected.json}); tolerances are those of spec 20.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NativePipelinesTest {

    private static final List<String> FAMILIES = List.of(
            "classify/vit",
            "classify/resnet",
            "classify/convnext",
            "classify/swin",
            "detect/detr",
            "detect/yolos",
            "detect/rt_detr_v2");

    private final OrtEngine engine = new OrtEngine();

    static Stream<Fixture.Case> photos() {
        return FAMILIES.stream().flatMap(each -> {
            Path path = Path.of(each);
            String task = path.getName(0).toString();
            String family = path.getName(1).toString();
            Fixture made = Fixture.of("native", family);
            return new Fixture(task, family, made.folder(), made.expected())
                    .cases().stream().filter(given -> given.json().path("photo").isTextual());
        });
    }

    @ParameterizedTest
    @MethodSource("photos")
    void aCheckpointWithoutGraphsAnswersAsItsReference(Fixture.Case given) throws IOException {
        ModelFolder folder = ModelFolder.read(given.fixture().model(), NumberFormat.FP32);
        Family family = Recognition.family(folder, given.fixture().serverTask());
        Frame frame = Decoder.decode(given.photo(), Long.MAX_VALUE);
        Map<String, Object> asked = given.json().path("expected").has("threshold")
                ? Map.of(
                        "confidence",
                        given.json().path("expected").path("threshold").asDouble())
                : Map.of();

        try (Pipeline pipeline = Pipelines.open(folder, family, engine, EngineOptions.cpu(1), Map.of())) {
            Outcome outcome = pipeline.infer(frame, ParamsReader.read(asked));

            assertThat(outcome).isInstanceOf(Outcome.Done.class);
            Answers.compare(((Outcome.Done) outcome).result(), frame, given);
        }
    }

    @Test
    void aCheckpointInEightBitsAnswersAlmostAsItsReference(@TempDir Path cache) {
        Fixture.Case photo = photos().findFirst().orElseThrow();
        Frame frame = Decoder.decode(photo.photo(), Long.MAX_VALUE);
        ModelFolder folder = ModelFolder.read(photo.fixture().model(), NumberFormat.Q8);
        EngineOptions options = EngineOptions.cpu(1).cachedIn(cache);

        try (Pipeline pipeline = Pipelines.open(folder, Family.CLASSIFIER, engine, options, Map.of())) {
            var outcome = (Outcome.Done) pipeline.infer(frame, ParamsReader.read(Map.of()));

            Classification best =
                    ((Result.Classifications) outcome.result()).items().getFirst();
            JsonNode reference =
                    photo.json().path("expected").path("classifications").path(0);
            assertThat(best.label()).isEqualTo(reference.path("label").asText());
            assertThat((double) best.confidence())
                    .isCloseTo(reference.path("confidence").asDouble(), offset(0.02));
        }
    }

    @AfterAll
    void close() {
        engine.close();
    }
}
