package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import mata.params.Parameter;
import mata.problem.Problem;
import mata.result.Answer;
import mata.result.Box;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Mask;
import mata.result.Result;
import mata.result.Segment;
import mata.result.Timings;
import mata.scheduler.Job;
import mata.task.ModelRef;
import mata.task.Task;
import mata.testing.Answers;
import mata.testing.TestServer;
import mata.testing.TestServer.Reply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InferRouteTest {

    private static final String TAIL = ",\"image_size\":[480,640],\"timings\":{\"queue_ms\":0.5,\"load_ms\":0.0,"
            + "\"decode_ms\":3.25,\"pre_ms\":1.125,\"run_ms\":12.063,\"post_ms\":0.75}}";

    @AutoClose
    private final TestServer server = TestServer.start();

    @Test
    void aRequestBecomesAJobWithEverythingThatWasSent() {
        infer("detect", "\"params\":{\"confidence\":0.5},\"keep_alive\":60");

        Job job = server.scheduler().lastJob();
        assertThat(job.model()).isEqualTo(new ModelRef("test/detect"));
        assertThat(job.task()).isEqualTo(Task.DETECT);
        assertThat(job.picture()).isEqualTo(TestPictures.jpeg());
        assertThat(job.params().asMap()).isEqualTo(Map.of("confidence", 0.5f));
        assertThat(job.keepAliveSeconds()).isEqualTo(OptionalInt.of(60));
        assertThat(job.limit()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "detect | \"detections\":[{\"label\":\"person\",\"confidence\":0.9375,"
                        + "\"bbox\":[120.5,45.25,380.125,520.75]}]",
                "track | \"detections\":[{\"label\":\"person\",\"confidence\":0.9375,"
                        + "\"bbox\":[120.5,45.25,380.125,520.75],\"track_id\":7}]",
                "segment | \"segments\":[{\"label\":\"car\",\"confidence\":0.875,"
                        + "\"bbox\":[120.5,45.25,380.125,520.75],\"mask\":\"iVA=\",\"mask_format\":\"png\"}]",
                "classify | \"classifications\":[{\"label\":\"tabby cat\",\"confidence\":0.75,\"id\":281},"
                        + "{\"label\":\"dog\",\"confidence\":0.125,\"id\":2}]",
                "pose | \"keypoints\":[{\"label\":\"person\",\"confidence\":0.875,"
                        + "\"bbox\":[120.5,45.25,380.125,520.75],\"keypoints\":[[1.5,2.5,0.25],[3.0,4.0,0.5]]}]",
                "ocr | \"text\":\"Hello world\",\"regions\":[{\"text\":\"Hello world\","
                        + "\"bbox\":[120.5,45.25,380.125,520.75],\"confidence\":0.5,"
                        + "\"polygon\":[[120.5,45.25],[380.125,45.25],[380.125,520.75],[120.5,520.75]]}]",
                "depth | \"depth_map\":\"AAAAAAAAAD8AAIA/AAAAwAAIgESCqPs3\",\"depth_shape\":[2,3],"
                        + "\"depth_kind\":\"relative\"",
                "vlm | \"text\":\"A cat on a sofa.\",\"finish_reason\":\"stop\","
                        + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":6}"
            })
    void everyTaskAnswersInItsOwnFieldOfMataV1(String task, String field) {
        var reply = infer(task, "\"params\":{}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(reply.text())
                .isEqualTo("{\"schema_version\":\"mata.v1\",\"task\":\"" + task + "\",\"model\":\"test/" + task
                        + "\",\"timestamp\":1709553600.123," + field + TAIL);
    }

    @ParameterizedTest
    @CsvSource({"detect, detections", "segment, segments", "classify, classifications", "pose, keypoints"})
    void nothingFoundIsAnEmptyListOfTheTasksField(String task, String field) {
        server.scheduler()
                .answers(job -> Answers.of(
                        switch (job.task()) {
                            case SEGMENT -> new Result.Segments(List.of());
                            case CLASSIFY -> new Result.Classifications(List.of());
                            case POSE -> new Result.Poses(List.of());
                            default -> new Result.Detections(List.of());
                        }));

        assertThat(infer(task, "\"params\":{}").text()).contains("\"" + field + "\":[]");
    }

    @Test
    void masksComeInTheFormThatTheyHave() {
        var rle = new Mask.Rle(2, 3, new int[] {1, 2, 3});
        var polygons = new Mask.Polygons(List.of(new float[] {0, 0, 1.5f, 0, 1.5f, 2}));
        var box = new Box(0, 0, 3, 2);
        server.scheduler()
                .answers(_ -> Answers.of(new Result.Segments(
                        List.of(new Segment("sky", 0.5f, box, rle), new Segment("sea", 0.5f, box, polygons)))));

        var segments = infer("segment", "\"params\":{}").json().get("segments");

        assertThat(segments.get(0).get("mask").toString()).isEqualTo("{\"size\":[2,3],\"counts\":[1,2,3]}");
        assertThat(segments.get(0).get("mask_format").asText()).isEqualTo("rle");
        assertThat(segments.get(1).get("mask").toString()).isEqualTo("[[0.0,0.0,1.5,0.0,1.5,2.0]]");
        assertThat(segments.get(1).get("mask_format").asText()).isEqualTo("polygon");
    }

    @Test
    void metricDepthSaysSo() {
        server.scheduler().answers(_ -> Answers.of(new Result.Depth(new FloatGrid(1, 1, new float[] {2.5f}), true)));

        assertThat(infer("depth", "\"params\":{}").text()).contains("\"depth_kind\":\"metric\"");
    }

    @Test
    void aNumberThatIsNotFiniteIsAFaultThatNamesTheOutput() {
        server.scheduler()
                .answers(_ -> Answers.of(
                        new Result.Detections(List.of(new Detection("x", 0.5f, new Box(0, Float.NaN, 1, 1))))));

        var reply = infer("detect", "\"params\":{}");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.detail())
                .isEqualTo("test/detect gave a number that is not finite (NaN or infinity) in detections");
    }

    @Test
    void anInfiniteDepthIsAFault() {
        server.scheduler()
                .answers(_ -> Answers.of(new Result.Depth(
                        new FloatGrid(1, 2, new float[] {1, Float.POSITIVE_INFINITY}), false)));

        assertThat(infer("depth", "\"params\":{}").status()).isEqualTo(500);
    }

    @Test
    void whatTheTaskHasNoUseForIsNamedBesideTheModelsOwnWarnings() {
        server.scheduler()
                .answers(_ -> new Answer(
                        new Result.Detections(List.of()),
                        640,
                        480,
                        Timings.NONE,
                        List.of("prompts: one was cut short")));

        var reply = infer("detect", "\"params\":{\"top_k\":3,\"confidence\":0.5,\"prompt\":\"what?\"}");

        assertThat(reply.json().get("warnings").toString())
                .isEqualTo("[\"prompt: not used by detect models\",\"top_k: not used by detect models\","
                        + "\"prompts: one was cut short\"]");
    }

    @Test
    void severalPicturesGiveAListOfResultsInTheirOrder() {
        server.scheduler()
                .answers(job ->
                        new Answer(new Result.Detections(List.of()), job.picture().length, 1, Timings.NONE, List.of()));
        String body = "{\"model\":\"test/detect\",\"images\":[\"%s\",\"%s\"]}"
                .formatted(TestPictures.base64(), TestPictures.base64(TestPictures.png()));

        var results = server.post("/v1/infer", body).json().get("results");

        assertThat(results).hasSize(2);
        assertThat(results.get(0).get("image_size").get(1).asInt()).isEqualTo(TestPictures.jpeg().length);
        assertThat(results.get(1).get("image_size").get(1).asInt()).isEqualTo(TestPictures.png().length);
    }

    @Test
    void aListOfOnePictureGivesAListOfOneResult() {
        var reply =
                server.post("/v1/infer", "{\"model\":\"test/detect\",\"images\":[\"" + TestPictures.base64() + "\"]}");

        assertThat(reply.json().get("results")).hasSize(1);
    }

    @Test
    void whenOneOfSeveralFailsTheOthersAreCancelled() {
        server.scheduler().fails(new Problem.Broken("the model stumbled"));

        var reply = server.post(
                "/v1/infer",
                "{\"model\":\"test/detect\",\"images\":[\"%s\",\"%s\"]}"
                        .formatted(TestPictures.base64(), TestPictures.base64()));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(server.scheduler().tickets()).allMatch(ticket -> ticket.isDone());
    }

    @Test
    void trackingWithADetectModelIsAnotherTaskOnTheSameReaders() {
        var reply = infer("detect", "\"task\":\"track\"");

        assertThat(reply.json().get("task").asText()).isEqualTo("track");
        assertThat(server.scheduler().lastJob().task()).isEqualTo(Task.TRACK);
    }

    @Test
    void aTaskThatTheModelCannotDoIsRefused() {
        assertThat(infer("detect", "\"task\":\"depth\"").toString())
                .isEqualTo("422 {\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"task\"],"
                        + "\"msg\":\"test/detect does detect, not depth\",\"input\":null}]}");
    }

    @Test
    void anUploadBecomesTheSameJob() {
        var form = new FormBody()
                .text("model", "test/ocr")
                .text("confidence", "0.25")
                .text("prompts", "cat. dog")
                .text("prompt", "what?")
                .text("language", "jpn")
                .text("top_k", "3")
                .text("max_tokens", "7")
                .text("temperature", "0.5")
                .text("output_mode", "json")
                .text("ocr_type", "format")
                .text("detail", "1")
                .text("keep_alive", "-1")
                .file("file", "photo.jpg", TestPictures.jpeg());

        var reply = server.post("/v1/infer/upload", form.contentType(), form.bytes());

        assertThat(reply.status()).isEqualTo(200);
        Job job = server.scheduler().lastJob();
        assertThat(job.picture()).isEqualTo(TestPictures.jpeg());
        assertThat(job.keepAliveSeconds()).isEqualTo(OptionalInt.of(-1));
        assertThat(job.params().asMap())
                .isEqualTo(Map.ofEntries(
                        Map.entry("confidence", 0.25f),
                        Map.entry("prompts", List.of("cat", "dog")),
                        Map.entry("prompt", "what?"),
                        Map.entry("language", "jpn"),
                        Map.entry("top_k", 3),
                        Map.entry("max_tokens", 7),
                        Map.entry("temperature", 0.5),
                        Map.entry("output_mode", "json"),
                        Map.entry("ocr_type", "format"),
                        Map.entry("detail", 1)));
    }

    @Test
    void aPictureMayBeTheBodyAndTheRestTheQuery() {
        var reply = server.post(
                "/v1/infer?model=test%2Fdetect&confidence=0.25&prompts=cat.%20dog&use_softmax=true&keep_alive=0",
                "image/jpeg", TestPictures.jpeg());

        assertThat(reply.status()).isEqualTo(200);
        Job job = server.scheduler().lastJob();
        assertThat(job.picture()).isEqualTo(TestPictures.jpeg());
        assertThat(job.keepAliveSeconds()).isEqualTo(OptionalInt.of(0));
        assertThat(job.params().fraction(Parameter.CONFIDENCE, 1)).isEqualTo(0.25f);
        assertThat(job.params().words(Parameter.PROMPTS)).containsExactly("cat", "dog");
        assertThat(job.params().flag(Parameter.USE_SOFTMAX, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data:image/jpeg;base64,%s",
                "data:image\\/jpeg;base64,%s",
                " %s",
                "%s\\n",
            })
    void thePicturesTextMayBeWrapped(String wrapping) {
        server.post("/v1/infer", body("detect", wrapping.formatted(TestPictures.base64()), "\"params\":null"));

        assertThat(server.scheduler().lastJob().picture()).isEqualTo(TestPictures.jpeg());
    }

    @Test
    void linesAndEscapedSlashesInThePicturesTextAreUnderstood() {
        String wrapped =
                TestPictures.base64().replaceAll("(.{76})", "$1\\\\r\\\\n").replace("/", "\\/");

        server.post("/v1/infer", body("detect", wrapped, "\"params\":null"));

        assertThat(server.scheduler().lastJob().picture()).isEqualTo(TestPictures.jpeg());
    }

    @ParameterizedTest
    @CsvSource({
        "BUSY, 503",
        "LOST, 500",
        "LATE, 504",
        "FULL, 507",
        "BAD, 400",
        "BROKEN, 500",
    })
    void everyProblemOfTheQueueAndTheReadersHasItsStatus(Trouble trouble, int status) {
        server.scheduler().fails(trouble.problem);

        var reply = infer("detect", "\"params\":{}");

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.detail()).isEqualTo(trouble.problem.detail());
        assertThat(reply.header("Retry-After")).isEqualTo(trouble == Trouble.BUSY ? "2" : "");
        assertThat(reply.json().has("request_id")).isEqualTo(status == 500);
    }

    enum Trouble {
        BUSY(new Problem.Busy("1000 requests are waiting", Duration.ofMillis(1200))),
        LOST(new Problem.ReaderLost("two readers died of this request")),
        LATE(new Problem.DeadlinePassed("no answer within 30 s")),
        FULL(new Problem.OutOfMemory("no room for test/detect")),
        BAD(new Problem.BadInput("the picture ends in the middle")),
        BROKEN(new Problem.Broken("the engine failed"));

        private final Problem problem;

        Trouble(Problem problem) {
            this.problem = problem;
        }
    }

    private Reply infer(String task, String more) {
        return server.post("/v1/infer", body(task, TestPictures.base64(), more));
    }

    private static String body(String task, String image, String more) {
        return "{\"model\":\"test/%s\",\"image\":\"%s\",%s}".formatted(task, image, more);
    }
}
