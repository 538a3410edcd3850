package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import mata.fleet.LoadedModelView;
import mata.problem.Problem;
import mata.task.ModelRef;
import mata.task.ModelState;
import mata.testing.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ModelRoutesTest {

    @AutoClose
    private final TestServer server = TestServer.start();

    @Test
    void healthAnswersAsThePagePrintsIt() {
        assertThat(server.get("/v1/health").text())
                .isEqualTo("{\"status\":\"ok\",\"version\":\"0.6.0\",\"gpu_available\":false}");
    }

    @Test
    void everyRegisteredModelIsListedInItsOrder() {
        var models = server.get("/v1/models").json();

        assertThat(models.findValuesAsText("model"))
                .containsExactly(
                        "test/classify",
                        "test/depth",
                        "test/detect",
                        "test/ocr",
                        "test/pose",
                        "test/segment",
                        "test/track",
                        "test/vlm",
                        "easyocr");
    }

    @Test
    void aModelThatNobodyLoadedHasNeitherMemoryNorTimes() {
        assertThat(server.get("/v1/models/easyocr").text())
                .isEqualTo("{\"model\":\"easyocr\",\"task\":\"ocr\",\"source\":\"pip\",\"state\":\"unloaded\","
                        + "\"size_mb\":null,\"memory_mb\":null,\"loaded_at\":null,\"last_used\":null}");
    }

    @Test
    void aLoadedModelShowsItsSizesAndTimesAsThePagePrintsThem() {
        server.fleet()
                .shows(new LoadedModelView(
                        new ModelRef("test/detect"),
                        ModelState.IDLE,
                        "cpu",
                        512_000_000,
                        Instant.ofEpochSecond(1_709_550_000),
                        Instant.ofEpochMilli(1_709_553_600_250L),
                        Instant.ofEpochSecond(1_709_553_900),
                        2,
                        "keep_alive"));

        assertThat(server.get("/v1/models/test/detect").text())
                .isEqualTo("{\"model\":\"test/detect\",\"task\":\"detect\",\"source\":\"hf\",\"state\":\"idle\","
                        + "\"size_mb\":421.0,\"memory_mb\":512.0,"
                        + "\"loaded_at\":1709550000.000,\"last_used\":1709553600.250}");
        assertThat(server.get("/v1/ps").text())
                .isEqualTo("[{\"model\":\"test/detect\",\"state\":\"idle\",\"device\":\"cpu\",\"memory_mb\":512.0,"
                        + "\"loaded_at\":1709550000.000,\"last_used\":1709553600.250,"
                        + "\"expires_at\":1709553900.000,\"loads\":2,\"last_end\":\"keep_alive\"}]");
    }

    @Test
    void anEvictedModelShowsWhyAndWhenItWasLastUsed() {
        server.fleet()
                .shows(new LoadedModelView(
                        new ModelRef("test/detect"),
                        ModelState.EVICTED,
                        "cpu",
                        0,
                        Instant.ofEpochSecond(1_709_550_000),
                        Instant.ofEpochSecond(1_709_550_001),
                        null,
                        1,
                        "evicted: test/vlm needed the memory"));

        var model = server.get("/v1/models/test/detect").json();
        var life = server.get("/v1/ps").json().get(0);

        assertThat(model.get("state").asText()).isEqualTo("evicted");
        assertThat(model.get("memory_mb").isNull()).isTrue();
        assertThat(model.get("loaded_at").isNull()).isTrue();
        assertThat(model.get("last_used").asDouble()).isEqualTo(1_709_550_001.0);
        assertThat(life.get("last_end").asText()).isEqualTo("evicted: test/vlm needed the memory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/test%2Fdetect", "/v1/models/test/detect", "/v1/models/./test/detect"})
    void theSlashOfANameMayBeEncoded(String path) {
        assertThat(server.get(path).json().path("model").asText()).isEqualTo("test/detect");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/models/PekingU/rtdetr_v2_r101vd, PekingU/rtdetr_v2_r101vd",
        "/v1/models/nobody, nobody",
        "/v1/models/a/--b--, a/--b--",
        "/v1/models/a%2Fb%2Fc, a/b/c"
    })
    void anUnknownModelIsNotFoundAndNamed(String path, String named) {
        var reply = server.get(path);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.text()).isEqualTo("{\"detail\":\"Model not found: " + named + "\"}");
        assertThat(server.delete(path).status()).isEqualTo(404);
    }

    @Test
    void warmingUpLoadsTheModel() {
        var reply = server.post("/v1/models/warmup", "{\"model\":\"test/detect\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).isEqualTo("{\"status\":\"ready\",\"model\":\"test/detect\"}");
        assertThat(server.get("/v1/models/test/detect").json().get("state").asText())
                .isEqualTo("ready");
    }

    @Test
    void withoutRoomForTheModelWarmingUpIs507() {
        server.fleet().fails(new Problem.OutOfMemory("test/detect needs 9 GB, 3 GB are free"));

        var reply = server.post("/v1/models/warmup", "{\"model\":\"test/detect\"}");

        assertThat(reply.status()).isEqualTo(507);
        assertThat(reply.text()).isEqualTo("{\"detail\":\"test/detect needs 9 GB, 3 GB are free\"}");
    }

    @Test
    void aModelThatCannotBeLoadedIsAFaultWithTheRequestsName() {
        server.fleet().fails(new Problem.Broken("model.onnx is damaged"));

        var reply = server.post("/v1/models/warmup", "{\"model\":\"test/detect\"}");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.detail()).isEqualTo("model.onnx is damaged");
        assertThat(reply.json().get("request_id").asText()).isEqualTo(reply.header("X-Request-ID"));
    }

    @Test
    void unloadingSaysWhetherThereWasAnythingToUnload() {
        server.post("/v1/models/warmup", "{\"model\":\"test/detect\"}");

        assertThat(server.post("/v1/models/unload", "{\"model\":\"test/detect\"}")
                        .text())
                .isEqualTo("{\"status\":\"unloaded\",\"model\":\"test/detect\"}");
        assertThat(server.post("/v1/models/unload", "{\"model\":\"test/detect\"}")
                        .text())
                .isEqualTo("{\"status\":\"not_loaded\",\"model\":\"test/detect\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/warmup", "/v1/models/unload"})
    void loadingAndUnloadingAskForOneKnownModel(String path) {
        assertThat(server.post(path, "{\"model\":\"no/such\"}").toString())
                .isEqualTo("404 {\"detail\":\"Model not found: no/such\"}");
        assertThat(server.post(path, "{}").toString())
                .isEqualTo("422 {\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"model\"],"
                        + "\"msg\":\"Field required\",\"input\":null}]}");
        assertThat(server.post(path, "{\"model\":7,\"modle\":\"x\"}").toString())
                .isEqualTo("422 {\"detail\":[{\"type\":\"string_type\",\"loc\":[\"body\",\"model\"],"
                        + "\"msg\":\"Input should be a text\",\"input\":7},"
                        + "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"modle\"],"
                        + "\"msg\":\"Unknown field: did you mean 'model'?\",\"input\":\"x\"}]}");
    }

    @Test
    void removingForgetsTheModelAndTakesItOutOfMemory() {
        server.post("/v1/models/warmup", "{\"model\":\"test/detect\"}");

        var reply = server.delete("/v1/models/test/detect");

        assertThat(reply.toString()).isEqualTo("200 {\"status\":\"removed\",\"model\":\"test/detect\"}");
        assertThat(server.get("/v1/models/test/detect").status()).isEqualTo(404);
        assertThat(server.get("/v1/ps").json().get(0).get("state").asText()).isEqualTo("unloaded");
    }
}
