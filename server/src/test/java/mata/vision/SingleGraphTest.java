package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.engine.ElementType;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.engine.Signature;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.engine.ort.OrtEngine;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.image.Decoder;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.problem.Fault;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.Result;
import mata.task.Task;
import mata.testing.Fixture;
import mata.testing.RecordingEngine;
import org.junit.jupiter.api.Test;

final class SingleGraphTest {

    private static final Frame SMALL = new Frame(2, 2, new byte[12]);

    /** A graph in Java that answers each frame's first value. */
    private static final class Echo implements LoadedModel {
        private final long batch;
        private final List<Integer> runs = new ArrayList<>();
        private int mostFrames = Integer.MAX_VALUE;

        Echo(long batch) {
            this.batch = batch;
        }

        @Override
        public Signature signature() {
            return new Signature(
                    List.of(new Signature.Port("x", ElementType.FLOAT, batch, 2)),
                    List.of(new Signature.Port("y", ElementType.FLOAT, batch, 1)),
                    Map.of());
        }

        @Override
        public Tensors run(Tensors inputs) {
            Tensor.Floats x = inputs.floats("x");
            int frames = x.dimension(0);
            runs.add(frames);
            if (frames > mostFrames) {
                throw new Rejected(new Problem.OutOfMemory("too many"));
            }
            var y = new float[frames];
            for (int i = 0; i < frames; i++) {
                y[i] = x.get(i * x.dimension(1));
            }
            return Tensors.of("y", new Tensor.Floats(FloatBuffer.wrap(y), frames, 1));
        }

        @Override
        public void close() {}
    }

    /** Feeds the frame's width; a frame of height 1 it refuses, and with top_k the input has another shape. */
    private static final class Widths implements Recipe<Integer> {

        @Override
        public Set<Parameter> reads() {
            return Set.of(Parameter.TOP_K);
        }

        @Override
        public Prepared<Integer> prepare(Frame frame, Params params) {
            if (frame.height() == 1) {
                throw new Rejected(new Problem.BadInput("too flat"));
            }
            int length = params.whole(Parameter.TOP_K, 2);
            var values = new float[length];
            values[0] = frame.width() == 99 ? Float.NaN : frame.width();
            return new Prepared<>(
                    Tensors.of("x", new Tensor.Floats(FloatBuffer.wrap(values), 1, length)), frame.width());
        }

        @Override
        public Result interpret(Tensors outputs, Integer width, Params params) {
            float answer = outputs.floats("y").array()[0];
            return new Result.Classifications(List.of(new Classification(width, "width", answer)));
        }
    }

    private static SingleGraph<Integer> pipeline(LoadedModel model) {
        var recipe = new Widths();
        return new SingleGraph<>(model, recipe, new Unused(recipe.reads(), Set.of(Task.CLASSIFY)));
    }

    private static Frame wide(int width) {
        return new Frame(width, 2, new byte[6 * width]);
    }

    private static float answer(Outcome outcome) {
        return ((Result.Classifications) ((Outcome.Done) outcome).result())
                .items()
                .getFirst()
                .confidence();
    }

    @Test
    void framesOfOneShapeShareARunAndEachGetsItsOwnAnswer() {
        var model = new Echo(-1);

        List<Outcome> outcomes = pipeline(model)
                .inferAll(List.of(wide(3), wide(5), wide(4)), List.of(Params.NONE, Params.NONE, Params.NONE));

        assertThat(model.runs).containsExactly(3);
        assertThat(outcomes).extracting(SingleGraphTest::answer).containsExactly(3f, 5f, 4f);
    }

    @Test
    void anotherShapeMeansAnotherRun() {
        var model = new Echo(-1);
        Params longer = ParamsReader.read(Map.of("top_k", 4));

        List<Outcome> outcomes =
                pipeline(model).inferAll(List.of(wide(3), wide(5), wide(4)), List.of(Params.NONE, longer, Params.NONE));

        assertThat(model.runs).containsExactly(2, 1);
        assertThat(outcomes).extracting(SingleGraphTest::answer).containsExactly(3f, 5f, 4f);
    }

    @Test
    void aFixedBatchIsRunOneByOne() {
        var model = new Echo(1);
        SingleGraph<Integer> pipeline = pipeline(model);

        List<Outcome> outcomes = pipeline.inferAll(List.of(wide(3), wide(5)), List.of(Params.NONE, Params.NONE));

        assertThat(pipeline.maxBatch()).isEqualTo(1);
        assertThat(model.runs).containsExactly(1, 1);
        assertThat(outcomes).extracting(SingleGraphTest::answer).containsExactly(3f, 5f);
    }

    @Test
    void aFaultOfOneFrameFailsNoOther() {
        var model = new Echo(-1);

        List<Outcome> outcomes = pipeline(model)
                .inferAll(
                        List.of(wide(3), new Frame(7, 1, new byte[21]), wide(99), wide(4)),
                        List.of(Params.NONE, Params.NONE, Params.NONE, Params.NONE));

        assertThat(answer(outcomes.get(0))).isEqualTo(3);
        assertThat(outcomes.get(1)).isEqualTo(new Outcome.Failed(new Problem.BadInput("too flat")));
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.problem())
                                .isInstanceOfSatisfying(
                                        Problem.Broken.class,
                                        broken -> assertThat(broken.detail())
                                                .startsWith("the model's output y holds NaN or infinity")));
        assertThat(answer(outcomes.get(3))).isEqualTo(4);
    }

    @Test
    void whatIsTooMuchTogetherIsRunAlone() {
        var model = new Echo(-1);
        model.mostFrames = 1;

        List<Outcome> outcomes = pipeline(model).inferAll(List.of(wide(3), wide(5)), List.of(Params.NONE, Params.NONE));

        assertThat(model.runs).containsExactly(2, 1, 1);
        assertThat(outcomes).extracting(SingleGraphTest::answer).containsExactly(3f, 5f);
    }

    @Test
    void aParameterThatTheFamilyDoesNotReadIsAWarningButPromptsAreAFault() {
        SingleGraph<Integer> pipeline = pipeline(new Echo(-1));

        Outcome softmax = pipeline.infer(SMALL, ParamsReader.read(Map.of("use_softmax", true, "top_k", 2)));
        Outcome prompts = pipeline.infer(SMALL, ParamsReader.read(Map.of("prompts", "cat")));

        assertThat(((Outcome.Done) softmax).warnings()).containsExactly("use_softmax: not used by this model");
        assertThat(((Outcome.Failed) prompts).problem())
                .isInstanceOfSatisfying(
                        Problem.Invalid.class,
                        invalid -> assertThat(invalid.faults())
                                .singleElement()
                                .extracting(Fault::loc)
                                .isEqualTo(List.of("body", "params", "prompts")));
    }

    @Test
    void aModelThatCannotRunFailsItsWarmUp() {
        var model = new Echo(-1);
        model.mostFrames = 0;

        assertThatThrownBy(() -> pipeline(model).warmUp())
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.OutOfMemory.class));
    }

    /** Spec 20: the same answer alone and in a batch of eight with others, within 1e-4. */
    @Test
    void realModelsAnswerTheSameAloneAndInABatch() {
        try (var engine = new RecordingEngine(new OrtEngine())) {
            Frame cup = frame("cup_landscape.jpg");
            Frame camera = frame("camera_gray.png");
            List<Frame> frames = List.of(cup, camera, camera, cup, camera, cup, cup, camera);

            for (Fixture fixture : List.of(Fixture.of("classify", "vit"), Fixture.of("detect", "rt_detr"))) {
                ModelFolder folder = ModelFolder.read(fixture.model(), NumberFormat.FP32);
                Family family = fixture.task().equals("classify") ? Family.CLASSIFIER : Family.RT_DETR;
                try (Pipeline pipeline = Pipelines.open(folder, family, engine, EngineOptions.cpu(1), Map.of())) {
                    List<Outcome> together = pipeline.inferAll(
                            frames, frames.stream().map(_ -> Params.NONE).toList());

                    assertThat(new Tensors(engine.inputs()).get("pixel_values").dimension(0))
                            .isEqualTo(8);
                    for (int i = 0; i < frames.size(); i++) {
                        assertSame(result(together.get(i)), result(pipeline.infer(frames.get(i), Params.NONE)));
                    }
                }
            }
        }
    }

    private static Frame frame(String photo) {
        return Decoder.decode(Fixture.bytes(Fixture.ROOT.resolve("photos").resolve(photo)), Long.MAX_VALUE);
    }

    private static Result result(Outcome outcome) {
        return ((Outcome.Done) outcome).result();
    }

    private static void assertSame(Result batched, Result alone) {
        if (alone instanceof Result.Classifications(var expected)) {
            List<Classification> found = ((Result.Classifications) batched).items();
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i).id()).isEqualTo(expected.get(i).id());
                assertClose(found.get(i).confidence(), expected.get(i).confidence());
            }
        } else {
            List<Detection> expected = ((Result.Detections) alone).items();
            List<Detection> found = ((Result.Detections) batched).items();
            assertThat(found).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                assertThat(found.get(i).label()).isEqualTo(expected.get(i).label());
                assertClose(found.get(i).confidence(), expected.get(i).confidence());
            }
        }
    }

    private static void assertClose(float found, float expected) {
        assertThat(found).isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-4f));
    }
}
