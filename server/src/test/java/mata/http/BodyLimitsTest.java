package mata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import mata.http.ListenerOptions.Limits;
import mata.http.ListenerOptions.Timeouts;
import mata.task.Task;
import mata.testing.Answers;
import mata.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are too large, too slow, or too many. */
final class BodyLimitsTest {

    private static final int LIMIT = 200_000;
    private static final Timeouts PATIENT = Timeouts.documented();

    @ParameterizedTest
    @ValueSource(ints = {LIMIT + 1, 10 * LIMIT})
    void aBodyAboveTheLimitIs413HoweverItComes(int size) {
        try (var server = TestServer.start(TestServer.options(new Limits(LIMIT, 10 * LIMIT, 100), PATIENT))) {
            byte[] body = new byte[size];

            var announced = server.post("/v1/infer?model=test/detect", "image/jpeg", body);
            var chunked = server.send(server.request("/v1/infer?model=test/detect")
                    .header("Content-Type", "image/jpeg")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body)))
                    .build());

            assertThat(announced.toString()).isEqualTo("413 {\"detail\":\"Request body is larger than 200000 bytes\"}");
            assertThat(chunked.toString()).isEqualTo(announced.toString());
            assertThat(server.get("/v1/health").status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyOfExactlyTheLimitIsRead() {
        byte[] picture = Arrays.copyOf(TestPictures.jpeg(), LIMIT);
        try (var server = TestServer.start(TestServer.options(new Limits(LIMIT, 10 * LIMIT, 100), PATIENT))) {
            var announced = server.post("/v1/infer?model=test/detect", "image/jpeg", picture);
            var chunked = server.send(server.request("/v1/infer?model=test/detect")
                    .header("Content-Type", "image/jpeg")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(picture)))
                    .build());

            assertThat(announced.status()).isEqualTo(200);
            assertThat(chunked.status()).isEqualTo(200);
            assertThat(server.scheduler().jobs()).allMatch(job -> Arrays.equals(job.picture(), picture));
        }
    }

    @Test
    void aSenderWhoWaitsForPermissionIsTurnedAwayBeforeItSends() throws IOException {
        try (var server = TestServer.start(TestServer.options(new Limits(LIMIT, 10 * LIMIT, 100), PATIENT));
                Socket socket = server.connect()) {
            socket.getOutputStream().write(head("Content-Length: 1000000\r\nExpect: 100-continue\r\n"));

            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(reply).startsWith("HTTP/1.1 413 ").doesNotContain("100 Continue");
        }
    }

    @Test
    void aSenderWhoWaitsForPermissionGetsIt() throws IOException {
        try (var server = TestServer.start();
                Socket socket = server.connect()) {
            byte[] picture = TestPictures.jpeg();
            socket.getOutputStream()
                    .write(head(
                            "Content-Length: " + picture.length + "\r\nConnection: close\r\nExpect: 100-continue\r\n"));
            InputStream in = socket.getInputStream();

            String permission = new String(in.readNBytes(25), StandardCharsets.US_ASCII);
            socket.getOutputStream().write(picture);
            String reply = new String(in.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(permission).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(reply).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aRefusedSenderWhoIsStillSendingGetsToReadWhy() throws IOException {
        byte[] body = new byte[300_000];
        try (var server = TestServer.start();
                Socket socket = server.connect()) {
            socket.getOutputStream()
                    .write(("POST /v1/infer HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: "
                                    + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < body.length; i += 10_000) {
                socket.getOutputStream().write(body, i, 10_000);
            }

            byte[] status = socket.getInputStream().readNBytes(12);

            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
        }
    }

    @Test
    void aSenderWhoFallsSilentIs408() throws IOException {
        var hasty = new Timeouts(Duration.ofMillis(200), Duration.ofSeconds(30), Duration.ofSeconds(5));
        try (var server = TestServer.start(TestServer.options(Limits.documented(), hasty));
                Socket socket = server.connect()) {
            socket.getOutputStream().write(head("Content-Length: 1000\r\n"));
            socket.getOutputStream().write("the beginning".getBytes(StandardCharsets.US_ASCII));

            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(reply)
                    .startsWith("HTTP/1.1 408 ")
                    .contains("Connection: close")
                    .endsWith("{\"detail\":\"The request body stopped arriving\"}");
        }
    }

    @Test
    void aSenderWhoDripsIs408() throws IOException {
        var hasty = new Timeouts(Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ofSeconds(5));
        try (var server = TestServer.start(TestServer.options(Limits.documented(), hasty));
                Socket socket = server.connect()) {
            socket.getOutputStream().write(head("Content-Length: 1000000\r\n"));
            InputStream in = socket.getInputStream();

            await().pollInterval(Duration.ofMillis(20)).until(() -> {
                socket.getOutputStream().write('x');
                return in.available() > 0;
            });
            byte[] status = in.readNBytes(12);

            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 408");
        }
    }

    @Test
    void aSenderWhoLeavesInTheMiddleLeavesNothingBehind() throws IOException {
        try (var server = TestServer.start(TestServer.options(new Limits(LIMIT, LIMIT, 100), PATIENT))) {
            for (int i = 0; i < 5; i++) {
                try (Socket socket = server.connect()) {
                    socket.getOutputStream().write(head("Content-Length: " + (LIMIT - 1) + "\r\n"));
                    socket.getOutputStream().write(new byte[LIMIT / 2]);
                }
            }

            await().untilAsserted(() -> assertThat(server.post(
                                    "/v1/infer?model=test/detect",
                                    "image/jpeg",
                                    Arrays.copyOf(TestPictures.jpeg(), LIMIT))
                            .status())
                    .isEqualTo(200));
            assertThat(server.scheduler().jobs()).hasSize(1);
        }
    }

    @Test
    void moreBodiesThanThereIsRoomForAreTurnedAwayUntilOthersAreDone() throws IOException {
        byte[] picture = Arrays.copyOf(TestPictures.jpeg(), LIMIT);
        try (var server = TestServer.start(TestServer.options(new Limits(LIMIT, LIMIT + 50_000, 100), PATIENT));
                Socket first = server.connect()) {
            server.scheduler().holds();
            first.getOutputStream().write(head("Content-Length: " + LIMIT + "\r\n"));
            first.getOutputStream().write(picture);
            await().until(() -> server.scheduler().tickets().size() == 1);

            var second = server.post("/v1/infer?model=test/detect", "image/jpeg", picture);
            server.scheduler().tickets().getFirst().answer(Answers.to(Task.DETECT));
            byte[] answered = first.getInputStream().readNBytes(15);
            server.scheduler().answersAtOnce();

            assertThat(second.status()).isEqualTo(503);
            assertThat(second.header("Retry-After")).isEqualTo("1");
            assertThat(new String(answered, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200 OK");
            await().untilAsserted(() -> assertThat(server.post("/v1/infer?model=test/detect", "image/jpeg", picture)
                            .status())
                    .isEqualTo(200));
        }
    }

    private static byte[] head(String headers) {
        return ("POST /v1/infer?model=test/detect HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.KEY
                        + "\r\nContent-Type: image/jpeg\r\n" + headers + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
