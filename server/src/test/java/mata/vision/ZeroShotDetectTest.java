package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mata.engine.EngineOptions;
import mata.engine.ort.OrtEngine;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.image.Decoder;
import mata.image.Frame;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.problem.Problem;
import mata.result.Detection;
import mata.result.Result;
import mata.testing.CountingEngine;
import mata.testing.Fixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests can ask of OWL-ViT, OWLv2 and Grounding DINO beyond what the fixtures ask. */
final class ZeroShotDetectTest {

    private static final List<String> PROMPTS = List.of("cat", "a cup of coffee", "astronaut", "camera");

    private final CountingEngine engine = new CountingEngine(new OrtEngine());

    @AfterEach
    void close() {
        engine.close();
    }

    private Pipeline open(String name, Family family) {
        ModelFolder folder =
                ModelFolder.read(Fixture.of("zero_shot_detect", name).model(), NumberFormat.FP32);
        return Pipelines.open(folder, family, engine, EngineOptions.cpu(1), Map.of());
    }

    private static Frame photo() {
        return Decoder.decode(Fixture.bytes(Fixture.ROOT.resolve("photos/cup_landscape.jpg")), Long.MAX_VALUE);
    }

    private static Params asking(Object prompts, Object... more) {
        Map<String, Object> request = new HashMap<>(Map.of("prompts", prompts));
        for (int i = 0; i < more.length; i += 2) {
            request.put((String) more[i], more[i + 1]);
        }
        return ParamsReader.read(request);
    }

    private static List<Detection> found(Outcome outcome) {
        return ((Result.Detections) ((Outcome.Done) outcome).result()).items();
    }

    @ParameterizedTest
    @CsvSource({"owlvit, OWL_VIT", "owlv2, OWL_V2", "grounding_dino, GROUNDING_DINO"})
    void withoutPromptsTheRequestIsAtFaultAndWithDotsItIsAList(String name, Family family) {
        try (Pipeline model = open(name, family)) {
            assertThat(model.infer(photo(), Params.NONE))
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.problem()).isInstanceOf(Problem.Invalid.class));
            assertThat(found(model.infer(photo(), asking("cat . a cup of coffee . astronaut . camera"))))
                    .isEqualTo(found(model.infer(photo(), asking(PROMPTS))))
                    .isNotEmpty();
            model.warmUp();
        }
        assertThat(engine.open()).isZero();
    }

    @Test
    void anOverlapMakesOwlSuppressBoxesOfOnePrompt() {
        try (Pipeline owl = open("owlvit", Family.OWL_VIT)) {
            List<Detection> all = found(owl.infer(photo(), asking(PROMPTS)));
            List<Detection> apart = found(owl.infer(photo(), asking(PROMPTS, "iou", 0.2)));

            assertThat(apart).hasSizeLessThan(all.size()).isSubsetOf(all);
            for (int i = 0; i < apart.size(); i++) {
                Detection one = apart.get(i);
                assertThat(apart.subList(i + 1, apart.size()))
                        .filteredOn(other -> other.label().equals(one.label()))
                        .allMatch(other -> other.box().iou(one.box()) <= 0.2f);
            }
        }
    }

    @Test
    void promptsBeyondOneTextAreLookedForInSeveralRunsAndMergedByScore() {
        List<String> many = new ArrayList<>(PROMPTS);
        IntStream.range(0, 40).forEach(i -> many.add("astronaut " + i));
        try (Pipeline dino = open("grounding_dino", Family.GROUNDING_DINO)) {
            List<Detection> all = found(dino.infer(photo(), asking(many, "confidence", 0.9)));

            assertThat(engine.runs("model.onnx")).isGreaterThan(2);
            assertThat(all).hasSizeGreaterThan(20); // the fixture has so many queries a run
            assertThat(all).isSortedAccordingTo((a, b) -> Float.compare(b.confidence(), a.confidence()));
            assertThat(many).containsAll(all.stream().map(Detection::label).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({"owlvit, OWL_VIT", "owlv2, OWL_V2", "grounding_dino, GROUNDING_DINO"})
    void picturesThatComeTogetherAreAnsweredAsIfAlone(String name, Family family) {
        List<Params> asked = List.of(asking(PROMPTS), asking(List.of("camera")));
        try (Pipeline model = open(name, family)) {
            List<Outcome> together = model.inferAll(List.of(photo(), photo()), asked);

            for (int i = 0; i < 2; i++) {
                List<Detection> alone = found(model.infer(photo(), asked.get(i)));
                assertThat(found(together.get(i))).hasSameSizeAs(alone);
                for (int j = 0; j < alone.size(); j++) {
                    assertThat(found(together.get(i)).get(j).confidence())
                            .isCloseTo(alone.get(j).confidence(), within(1e-4f));
                }
            }
        }
    }
}
