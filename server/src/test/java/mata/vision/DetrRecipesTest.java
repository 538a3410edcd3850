package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.Frame;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.result.Box;
import mata.result.Detection;
import mata.result.Result;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Worked values of spec 18 for both ways to read queries, on a picture 640 wide and 480 high. */
final class DetrRecipesTest {

    private static final ImageSteps STEPS = ImageSteps.stretched(Size.square(64));

    private static final DetrInputs INPUTS = new DetrInputs(STEPS, "pixel_values", Optional.empty());

    private static final Labels LABELS = Labels.of(List.of("zero", "one", "two"));

    private static final Placement PLACEMENT =
            STEPS.apply(new Frame(640, 480, new byte[3 * 640 * 480])).placement();

    private static Tensors outputs(String logits, float[] scores, String boxes, float[] shares) {
        int queries = shares.length / 4;
        return new Tensors(new LinkedHashMap<>(Map.of(
                logits,
                new Tensor.Floats(FloatBuffer.wrap(scores), 1, queries, scores.length / queries),
                boxes,
                new Tensor.Floats(FloatBuffer.wrap(shares), 1, queries, 4))));
    }

    private static List<Detection> found(Recipe<Placement> recipe, Tensors outputs, Params params) {
        return ((Result.Detections) recipe.interpret(outputs, PLACEMENT, params)).items();
    }

    @Test
    void rtDetrReadsEachClassByItself() {
        var recipe = new RtDetrRecipe(INPUTS, "logits", "pred_boxes", 0, LABELS);

        List<Detection> found = found(
                recipe,
                outputs(
                        "logits", new float[] {2, -1, 0.5f, -3, 1.5f, 1.4f},
                        "pred_boxes", new float[] {0.5f, 0.5f, 0.2f, 0.4f, 0.25f, 0.25f, 0.1f, 0.1f}),
                Params.NONE);

        assertThat(found).hasSize(2); // as many as queries, though a third score is above the threshold
        assertThat(found.get(0).label()).isEqualTo("zero");
        assertThat(found.get(0).confidence()).isCloseTo(0.880797f, Offset.offset(1e-6f));
        assertThat(found.get(0).box()).isEqualTo(new Box(256, 144, 384, 336));
        assertThat(found.get(1).label()).isEqualTo("one");
        assertThat(found.get(1).confidence()).isCloseTo(0.817574f, Offset.offset(1e-6f));
        assertThat(found.get(1).box()).isEqualTo(new Box(128, 96, 192, 144));
    }

    @Test
    void oneQueryMayComeWithTwoLabels() {
        var recipe = new RtDetrRecipe(INPUTS, "logits", "pred_boxes", 100, LABELS);

        List<Detection> found = found(
                recipe,
                outputs(
                        "logits", new float[] {-9, 1.5f, 1.4f},
                        "pred_boxes", new float[] {0.25f, 0.25f, 0.1f, 0.1f}),
                Params.NONE);

        assertThat(found).extracting(Detection::label).containsExactly("one", "two");
        assertThat(found.get(0).box()).isEqualTo(found.get(1).box());
    }

    /** The wrong way of spec 19, softmax with a column for "no object", would never give the last class. */
    @Test
    void theLastClassOfRtDetrIsAClass() {
        var recipe = new RtDetrRecipe(INPUTS, "logits", "pred_boxes", 0, LABELS);

        List<Detection> found = found(
                recipe,
                outputs("logits", new float[] {-9, -9, 3}, "pred_boxes", new float[] {0.5f, 0.5f, 0.2f, 0.4f}),
                Params.NONE);

        assertThat(found).singleElement().extracting(Detection::label).isEqualTo("two");
    }

    @Test
    void detrsLastColumnMeansNoObject() {
        var recipe = new DetrRecipe(INPUTS, LABELS);
        Tensors outputs = outputs(
                "logits", new float[] {4, 1, 0, 2, 0, 0.5f, 0.2f, 3},
                "pred_boxes", new float[] {0.5f, 0.5f, 0.2f, 0.4f, 0.25f, 0.25f, 0.1f, 0.1f});

        assertThat(found(recipe, outputs, Params.NONE)).singleElement().satisfies(detection -> {
            assertThat(detection.label()).isEqualTo("zero");
            assertThat(detection.confidence()).isCloseTo(0.830953f, Offset.offset(1e-6f));
            assertThat(detection.box()).isEqualTo(new Box(256, 144, 384, 336));
        });
        assertThat(found(recipe, outputs, ParamsReader.read(Map.of("confidence", 0.06))))
                .hasSize(2)
                .last()
                .satisfies(detection -> {
                    assertThat(detection.label()).isEqualTo("one");
                    assertThat(detection.confidence()).isCloseTo(0.068824f, Offset.offset(1e-6f));
                });
    }

    @Test
    void boxesAreClippedAndThoseOutsideAreLeftOut() {
        var recipe = new DetrRecipe(INPUTS, LABELS);

        List<Detection> found = found(
                recipe,
                outputs(
                        "logits", new float[] {4, 1, 0, 2, 5, 1, 0, 2},
                        "pred_boxes", new float[] {0, 0, 0.5f, 0.5f, 1.5f, 0.5f, 0.2f, 0.2f}),
                Params.NONE);

        assertThat(found).singleElement().extracting(Detection::box).isEqualTo(new Box(0, 0, 160, 120));
    }

    /** The wrong way of spec 19, height before width, would stretch boxes on pictures that are not square. */
    @Test
    void theNativeExportIsToldWidthBeforeHeight() {
        var recipe = new RtDetrNativeRecipe(STEPS, LABELS);

        Tensors inputs = recipe.prepare(new Frame(640, 480, new byte[3 * 640 * 480]), Params.NONE)
                .inputs();

        assertThat(inputs.longs("orig_target_sizes").data()).isEqualTo(LongBuffer.wrap(new long[] {640, 480}));
        assertThat(inputs.get("images").shape()).containsExactly(1, 3, 64, 64);
    }

    @Test
    void theNativeExportAnswersInPixels() {
        var recipe = new RtDetrNativeRecipe(STEPS, LABELS);
        var outputs = new Tensors(Map.of(
                "labels", new Tensor.Longs(LongBuffer.wrap(new long[] {2, 0}), 1, 2),
                "scores", new Tensor.Floats(FloatBuffer.wrap(new float[] {0.31f, 0.3f}), 1, 2),
                "boxes", new Tensor.Floats(FloatBuffer.wrap(new float[] {1, 2, 700, 40, 0, 0, 9, 9}), 1, 2, 4)));

        assertThat(found(recipe, outputs, Params.NONE))
                .containsExactly(new Detection("two", 0.31f, new Box(1, 2, 640, 40)));
    }
}
