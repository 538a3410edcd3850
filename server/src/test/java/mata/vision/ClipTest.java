package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import mata.problem.Rejected;
import mata.result.Classification;
import mata.result.Result;
import mata.testing.CountingEngine;
import mata.testing.Fixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClipTest {

    private static final String TEXT = "text part of the model";

    private static final String IMAGE = "image part of the model";

    private final CountingEngine engine = new CountingEngine(new OrtEngine());

    @AfterEach
    void close() {
        engine.close();
    }

    private Pipeline open(Path folder, Family family, Map<String, String> settings) {
        return Pipelines.open(
                ModelFolder.read(folder, NumberFormat.FP32), family, engine, EngineOptions.cpu(1), settings);
    }

    private Pipeline clip() {
        return open(Fixture.of("zero_shot_classify", "clip").model(), Family.CLIP, Map.of());
    }

    private static Frame photo() {
        return Decoder.decode(Fixture.bytes(Fixture.ROOT.resolve("photos/camera_gray.png")), Long.MAX_VALUE);
    }

    private static List<Classification> found(Outcome outcome) {
        return ((Result.Classifications) ((Outcome.Done) outcome).result()).items();
    }

    private static Params asking(Object... more) {
        Map<String, Object> request = new HashMap<>(Map.of("prompts", List.of("cat", "dog", "bird")));
        for (int i = 0; i < more.length; i += 2) {
            request.put((String) more[i], more[i + 1]);
        }
        return ParamsReader.read(request);
    }

    /** Spec 18: CLIP's softmax, SigLIP's sigmoid. */
    @ParameterizedTest
    @CsvSource({"true, 25.5 19.3 18.5, 0.997067 0.002023 0.000909", "false, -2.1 0.4 -7, 0.109097 0.598688 0.000911"})
    void logitsBecomeScores(boolean softmax, String logits, String scores) {
        Result.Classifications result =
                ClipRecipe.answer(numbers(logits), List.of("cat", "dog", "bird"), softmax, Params.NONE);

        float[] expected = numbers(scores);
        for (Classification item : result.items()) {
            assertThat(item.confidence()).as(item.label()).isCloseTo(expected[item.id()], within(1e-6f));
        }
        assertThat(result.items())
                .hasSize(3)
                .isSortedAccordingTo((a, b) -> Float.compare(b.confidence(), a.confidence()));
    }

    private static float[] numbers(String text) {
        String[] words = text.split(" ");
        var numbers = new float[words.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }

    @Test
    void theSamePromptsAreReadOnce() {
        try (Pipeline clip = clip()) {
            Outcome first = clip.infer(photo(), asking());
            Outcome second = clip.infer(photo(), asking());
            clip.infer(photo(), asking("prompt_template", "{}"));

            assertThat(found(second)).isEqualTo(found(first));
            assertThat(engine.runs(TEXT)).isEqualTo(2);
            assertThat(engine.runs(IMAGE)).isEqualTo(3);
        }
        assertThat(engine.open()).isZero();
    }

    @Test
    void picturesShareARunWhateverTheyAreAskedFor() {
        List<Params> asked = List.of(asking(), asking("prompts", List.of("camera", "a man")), asking("top_k", 1));
        try (Pipeline clip = clip()) {
            List<Outcome> together = clip.inferAll(List.of(photo(), photo(), photo()), asked);

            assertThat(engine.runs(IMAGE)).isEqualTo(1);
            for (int i = 0; i < 3; i++) {
                List<Classification> alone = found(clip.infer(photo(), asked.get(i)));
                assertThat(found(together.get(i))).hasSameSizeAs(alone);
                for (int j = 0; j < alone.size(); j++) {
                    assertThat(found(together.get(i)).get(j).label())
                            .isEqualTo(alone.get(j).label());
                    assertThat(found(together.get(i)).get(j).confidence())
                            .isCloseTo(alone.get(j).confidence(), within(1e-4f));
                }
            }
        }
    }

    @Test
    void withoutPromptsTheRequestIsAtFault() {
        try (Pipeline clip = clip()) {
            Outcome outcome = clip.infer(photo(), Params.NONE);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Failed.class,
                            failed -> assertThat(failed.problem())
                                    .isInstanceOfSatisfying(
                                            Problem.Invalid.class,
                                            problem ->
                                                    assertThat(problem.detail()).startsWith("params.prompts: ")));
        }
    }

    @Test
    void manyPromptsGoThroughInSeveralRuns() {
        List<String> many = java.util.stream.IntStream.range(0, 300)
                .mapToObj(i -> "thing " + i)
                .toList();
        try (Pipeline clip = clip()) {
            List<Classification> all = found(clip.infer(photo(), asking("prompts", many)));

            assertThat(all).hasSize(300);
            assertThat(engine.runs(TEXT)).isEqualTo(2);
            assertThat(all.stream().mapToDouble(Classification::confidence).sum())
                    .isCloseTo(1, within(1e-3));
        }
    }

    /** The fixtures' scales: 4; 5 and -0.3. */
    @ParameterizedTest
    @CsvSource({"clip, CLIP, 4, 0", "siglip, SIGLIP, 5, -0.3"})
    void halvesExportedByThemselvesAnswerTheSame(
            String name, Family family, String scale, String bias, @TempDir Path folder) throws IOException {
        Fixture fixture = Fixture.of("zero_shot_classify", name);
        Files.createDirectories(folder.resolve("onnx"));
        for (String file : List.of(
                "config.json",
                "preprocessor_config.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "onnx/text_model.onnx",
                "onnx/vision_model.onnx")) {
            Files.copy(fixture.model().resolve(file), folder.resolve(file));
        }
        Fixture.Case given = fixture.cases().getLast();
        Frame frame = Decoder.decode(given.photo(), Long.MAX_VALUE);

        try (Pipeline halves = open(folder, family, Map.of("logit_scale", scale, "logit_bias", bias))) {
            List<Classification> answer = found(halves.infer(frame, given.params()));

            JsonNode expected = given.json().path("expected").path("classifications");
            for (int i = 0; i < expected.size(); i++) {
                assertThat(answer.get(i).label())
                        .isEqualTo(expected.path(i).path("label").asText());
                assertThat((double) answer.get(i).confidence())
                        .isCloseTo(expected.path(i).path("confidence").asDouble(), within(1e-4));
            }
        }
        assertThatThrownBy(() -> open(folder, family, Map.of()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("set logit_scale");
        assertThat(engine.open()).isZero();
    }

    @Test
    void aTemplateWithoutAPlaceForThePromptIsRefusedWhenTheModelIsOpened() {
        Path folder = Fixture.of("zero_shot_classify", "clip").model();

        assertThatThrownBy(() -> open(folder, Family.CLIP, Map.of("prompt_template", "a photo")))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("prompt_template");
        assertThat(engine.open()).isZero();
    }
}
