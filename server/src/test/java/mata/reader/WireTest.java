package mata.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.problem.Fault;
import mata.problem.Problem;
import mata.reader.wire.Event;
import mata.reader.wire.Job;
import mata.result.Answer;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Joint;
import mata.result.Mask;
import mata.result.Pose;
import mata.result.Result;
import mata.result.Segment;
import mata.result.TextRegion;
import mata.result.Timings;
import mata.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class WireTest {

    private static final Box BOX = new Box(1.5f, -2, 3.25f, 1e-20f);

    static List<Result> results() {
        return List.of(
                new Result.Classifications(List.of(new Classification(281, "tabby, cat", 0.1f))),
                new Result.Classifications(List.of()),
                new Result.Detections(List.of(new Detection("person", 0.9f, BOX), new Detection("", 1, BOX, 7))),
                new Result.Detections(List.of()),
                new Result.Segments(List.of()),
                new Result.Poses(
                        List.of(new Pose("person", 0.5f, BOX, List.of(new Joint(1, 2, 0.3f), new Joint(4, 5, 0.6f))))),
                new Result.Text("größer\nals", List.of(new TextRegion("größer", 0.7f, BOX, List.of(1f, 2f, 3f, 4f)))),
                new Result.Said("a cat", "stop", 12, 3));
    }

    @ParameterizedTest
    @MethodSource("results")
    void anAnswerComesBackEqual(Result result) throws Exception {
        var answer = new Answer(result, 640, 480, new Timings(0, 0, 1.5, 2.5, 3.5, 4.5), List.of("top_k: not used"));

        assertThat(sent(answer)).isEqualTo(answer);
    }

    @Test
    void everyFormOfMaskComesBackEqual() throws Exception {
        var png = new byte[] {1, -1, 0};
        var counts = new int[] {0, 5, 70_000};
        var ring = new float[] {0.5f, 1, 2, 3};
        var result = new Result.Segments(List.of(
                new Segment("a", 1, BOX, new Mask.Png(png)),
                new Segment("b", 1, BOX, new Mask.Rle(7, 9, counts)),
                new Segment("c", 1, BOX, new Mask.Polygons(List.of(ring, ring)))));

        var back = (Result.Segments)
                sent(new Answer(result, 1, 1, Timings.NONE, List.of())).result();

        assertThat(back).usingRecursiveComparison().isEqualTo(result);
    }

    @Test
    void aDepthMapComesBackBitForBit() throws Exception {
        var values = new float[] {0, -0f, 1.1f, Float.MIN_VALUE, Float.MAX_VALUE, 42};
        var depth = new Result.Depth(new FloatGrid(2, 3, values), true);

        var back = (Result.Depth)
                sent(new Answer(depth, 3, 2, Timings.NONE, List.of())).result();

        assertThat(back.metric()).isTrue();
        assertThat(back.map().height()).isEqualTo(2);
        assertThat(Arrays.equals(back.map().values(), values)).isTrue();
    }

    static List<Problem> problems() {
        return List.of(
                new Problem.BadInput("not a picture"),
                new Problem.Invalid(List.of(
                        new Fault("value_error", List.of("body", "params", "box_prompts", 2), "outside", null))),
                new Problem.OutOfMemory("no room"),
                new Problem.Broken("NaN in scores"),
                new Problem.ReaderLost("its session is gone"),
                new Problem.Cancelled("gone"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void aProblemOfAReaderComesBackEqual(Problem problem) throws Exception {
        Event event = Event.parseFrom(Wire.failure(3, problem).toByteArray());

        assertThat(Wire.problem(event.getFailure())).isEqualTo(problem);
        assertThat(event.getFailure().getTicket()).isEqualTo(3);
    }

    @Test
    void checkedParametersComeBackEqual() throws Exception {
        Params params = ParamsReader.read(Map.of(
                "confidence",
                0.1,
                "prompts",
                List.of("a cat", "größer"),
                "top_k",
                3,
                "use_softmax",
                false,
                "temperature",
                0.1,
                "target_size",
                List.of(480, 640),
                "box_prompts",
                List.of(List.of(1.5, 2, 3.1, 4))));

        assertThat(Wire.params(sentJob(params))).isEqualTo(params);
        assertThat(Wire.params(sentJob(Params.NONE))).isEqualTo(Params.NONE);
    }

    @Test
    void aPictureThatIsHandedOverInMemoryIsNotCopied() {
        var picture = new byte[] {1, 2, 3};

        Job job = Wire.job(7, Task.DETECT, picture, "", Duration.ofMillis(1500)).getJob();

        assertThat(Wire.bytes(job.getPicture())).isSameAs(picture);
        assertThat(job.getBudgetMs()).isEqualTo(1500);
        assertThat(job.getTask()).isEqualTo("detect");
    }

    private static Answer sent(Answer answer) throws Exception {
        return Wire.answer(Event.parseFrom(Wire.result(1, answer).toByteArray()).getResult());
    }

    private static Job sentJob(Params params) throws Exception {
        return Job.parseFrom(Wire.job(1, Task.DETECT, new byte[0], Wire.json(params), Duration.ofSeconds(1))
                .getJob()
                .toByteArray());
    }
}
