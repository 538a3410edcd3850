package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import mata.hub.PullRequest;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.ModelRef;
import mata.task.Task;
import mata.testing.TestServer;
import mata.testing.TestServer.Reply;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

final class PullRouteTest {

    private static final String BODY = "{\"model\":\"PekingU/rtdetr_v2_r101vd\",\"task\":\"detect\"}";

    @AutoClose
    private final TestServer server = TestServer.start();

    @Test
    void aPullAnswersWhenTheModelIsHere() {
        var reply = server.post("/v1/models/pull", BODY);

        assertThat(reply.toString()).isEqualTo("202 {\"status\":\"pulled\",\"model\":\"PekingU/rtdetr_v2_r101vd\"}");
        assertThat(server.get("/v1/models/PekingU/rtdetr_v2_r101vd").status()).isEqualTo(200);
        assertThat(server.puller().lastRequest()).isEqualTo(new PullRequest("PekingU/rtdetr_v2_r101vd", Task.DETECT));
    }

    @Test
    void revisionVariantAndNameArePassedOn() {
        server.post(
                "/v1/models/pull",
                "{\"model\":\"a/b\",\"task\":\"pose\",\"revision\":\"v2\",\"dtype\":\"fp16\",\"name\":null,\"allow_twin\":true}");

        assertThat(server.puller().lastRequest())
                .isEqualTo(new PullRequest(
                        "a/b", Optional.of(Task.POSE), Optional.of("v2"), Optional.of("fp16"), Optional.empty(), true));
    }

    @Test
    void aPullUnderWayIsAConflict() {
        fails(new Problem.Conflict("a/b is being pulled already"));

        assertThat(server.post("/v1/models/pull", BODY).toString())
                .isEqualTo("409 {\"detail\":\"a/b is being pulled already\"}");
    }

    @Test
    void aPullThatFailsIsABadRequest() {
        fails(new Problem.BadInput("no/such is not on the hub"));

        assertThat(server.post("/v1/models/pull", BODY).toString())
                .isEqualTo("400 {\"detail\":\"no/such is not on the hub\"}");
    }

    @Test
    void everyFaultOfTheRequestIsListed() {
        assertThat(server.post("/v1/models/pull", "{\"task\":\"detekt\",\"dtype\":5,\"revison\":\"main\"}")
                        .toString())
                .isEqualTo("422 {\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\",\"model\"],"
                        + "\"msg\":\"Field required\",\"input\":null},"
                        + "{\"type\":\"enum\",\"loc\":[\"body\",\"task\"],\"msg\":\"Input should be one of: "
                        + "classify, depth, detect, ocr, pose, segment, track, vlm\",\"input\":\"detekt\"},"
                        + "{\"type\":\"string_type\",\"loc\":[\"body\",\"dtype\"],\"msg\":\"Input should be a text\","
                        + "\"input\":5},"
                        + "{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"revison\"],"
                        + "\"msg\":\"Unknown field: did you mean 'revision'?\",\"input\":\"main\"}]}");
    }

    @Test
    void progressComesAsLinesAndThePagesBodyLast() {
        server.puller().runs((_, progress) -> {
            progress.report("resolving", "", 0, -1);
            progress.report("downloading", "model.safetensors", 10, 100);
            progress.report("downloading", "model.safetensors", 100, 100);
        });

        var reply = pullInLines();

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(reply.text().lines())
                .containsExactly(
                        "{\"status\":\"resolving\",\"file\":\"\",\"completed\":0,\"total\":null}",
                        "{\"status\":\"downloading\",\"file\":\"model.safetensors\",\"completed\":10,\"total\":100}",
                        "{\"status\":\"downloading\",\"file\":\"model.safetensors\",\"completed\":100,\"total\":100}",
                        "{\"status\":\"pulled\",\"model\":\"PekingU/rtdetr_v2_r101vd\"}");
    }

    @Test
    void aHundredThousandReportsBecomeFewLines() {
        server.puller().runs((_, progress) -> {
            for (int i = 0; i < 100_000; i++) {
                progress.report("downloading", "model.safetensors", i, 100_000);
            }
        });

        assertThat(pullInLines().text().lines().count()).isBetween(2L, 100L);
    }

    @Test
    void whatFailsBeforeTheFirstReportHasAStatusOfItsOwn() {
        fails(new Problem.Conflict("a/b is being pulled already"));

        assertThat(pullInLines().toString()).isEqualTo("409 {\"detail\":\"a/b is being pulled already\"}");
    }

    @Test
    void whatFailsLaterIsToldByTheLastLine() {
        server.puller().runs((_, progress) -> {
            progress.report("downloading", "model.safetensors", 10, 100);
            throw new Rejected(new Problem.BadInput("the network went away"));
        });

        assertThat(pullInLines().text().lines())
                .last()
                .isEqualTo("{\"status\":\"failed\",\"detail\":\"the network went away\"}");
    }

    @Test
    void aCallerWhoHangsUpDoesNotStopThePull() throws Exception {
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        server.puller().runs((_, progress) -> {
            progress.report("downloading", "model.safetensors", 1, 100);
            begun.countDown();
            goOn.await();
            for (int i = 2; i <= 100; i++) {
                progress.report("downloading", "part " + i, i, 100);
            }
        });

        try (var socket = server.connect()) {
            socket.getOutputStream()
                    .write(("POST /v1/models/pull HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.KEY
                                    + "\r\nAccept: application/x-ndjson\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY)
                            .getBytes(StandardCharsets.US_ASCII));
            begun.await();
            socket.setSoLinger(true, 0);
        }
        goOn.countDown();

        Awaitility.await()
                .until(() -> server.registry()
                        .find(new ModelRef("PekingU/rtdetr_v2_r101vd"))
                        .isPresent());
    }

    private void fails(Problem problem) {
        server.puller().runs((_, _) -> {
            throw new Rejected(problem);
        });
    }

    private Reply pullInLines() {
        return server.send(server.request("/v1/models/pull")
                .header("Content-Type", "application/json")
                .header("Accept", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofString(BODY))
                .build());
    }
}
