package mata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import mata.http.ListenerOptions.Limits;
import mata.http.ListenerOptions.Timeouts;
import mata.task.Task;
import mata.testing.Answers;
import mata.testing.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The port itself: opened, taken, closed, and what the log says of those who called. */
final class ListenerTest {

    private static final String BODY = "{\"model\":\"test/detect\",\"image\":\"" + TestPictures.base64() + "\"}";

    private static final byte[] HEALTH =
            "GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Logger access = (Logger) LoggerFactory.getLogger("mata.http.access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        access.setLevel(Level.INFO);
        lines.start();
        access.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        access.detachAppender(lines);
        access.setLevel(null);
    }

    @Test
    void aPortThatIsTakenIsAFaultOfTheStart() throws IOException {
        try (var first = TestServer.start()) {
            var second = new VisionListener(ListenerOptions.on("127.0.0.1", first.port()), first.parts());

            assertThatThrownBy(second::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(String.valueOf(first.port()))
                    .hasRootCauseInstanceOf(BindException.class);
            assertThat(first.get("/v1/health").status()).isEqualTo(200);
        }
    }

    @Test
    void closingWaitsForTheRequestUnderWayAndTakesNoOther() throws Exception {
        var server = TestServer.start();
        int port = server.port();
        server.scheduler().holds();
        var answer = CompletableFuture.supplyAsync(() -> server.post("/v1/infer", BODY));
        await().until(() -> !server.scheduler().tickets().isEmpty());

        Thread closer = Thread.startVirtualThread(server::closeListener);
        await().untilAsserted(() -> assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                .isInstanceOf(ConnectException.class));
        server.scheduler().tickets().getFirst().answer(Answers.to(Task.DETECT));

        assertThat(answer.get().status()).isEqualTo(200);
        closer.join();
        server.close();
    }

    @Test
    void closingDoesNotWaitForEver() throws Exception {
        var timeouts = new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMillis(100));
        try (var server = TestServer.start(TestServer.options(Limits.documented(), timeouts));
                Socket socket = server.connect()) {
            server.scheduler().holds();
            socket.getOutputStream()
                    .write(("POST /v1/infer HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.KEY
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + BODY.length()
                                    + "\r\n\r\n" + BODY)
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> !server.scheduler().tickets().isEmpty());

            server.closeListener();

            await().until(() -> server.scheduler().tickets().getFirst().isCancelled());
        }
    }

    @Test
    void everyRequestIsOneLineWithItsIdButWithoutItsQuery() {
        try (var server = TestServer.start()) {
            server.send(HttpRequest.newBuilder(server.uri("/v1/models?token=very-secret"))
                    .header("X-Request-ID", "call-8")
                    .build());

            await().until(() -> !lines.list.isEmpty());
            assertThat(lines.list).hasSize(1);
            ILoggingEvent line = lines.list.getFirst();
            assertThat(line.getFormattedMessage()).matches("GET /v1/models 401 \\d+ ms 127\\.0\\.0\\.1");
            assertThat(line.getMDCPropertyMap()).containsEntry("request_id", "call-8");
        }
    }

    @Test
    void aTrustedProxySaysWhoCalls() {
        assertThat(callerLoggedBehindProxies(List.of("127.0.0.0/8"))).isEqualTo("203.0.113.9");
        assertThat(callerLoggedBehindProxies(List.of("127.0.0.1"))).isEqualTo("203.0.113.9");
    }

    @Test
    void nobodyElseIsBelieved() {
        assertThat(callerLoggedBehindProxies(List.of())).isEqualTo("127.0.0.1");
        assertThat(callerLoggedBehindProxies(List.of("10.0.0.0/8"))).isEqualTo("127.0.0.1");
    }

    private String callerLoggedBehindProxies(List<String> proxies) {
        lines.list.clear();
        var options = new ListenerOptions(
                "127.0.0.1", 0, Optional.empty(), List.of(), proxies, Limits.documented(), Timeouts.documented());
        try (var server = TestServer.start(options)) {
            server.send(HttpRequest.newBuilder(server.uri("/v1/health"))
                    .header("X-Forwarded-For", "203.0.113.9")
                    .build());
            await().until(() -> !lines.list.isEmpty());
        }
        String line = lines.list.getFirst().getFormattedMessage();
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    @Test
    void connectionsBeyondTheLimitWaitUntilOthersEnd() throws IOException {
        var limits = new Limits(1000, 1000, 2);
        try (var server = TestServer.start(TestServer.options(limits, Timeouts.documented()));
                Socket first = server.connect();
                Socket second = server.connect()) {
            assertThat(ask(first)).startsWith("HTTP/1.1 200");
            assertThat(ask(second)).startsWith("HTTP/1.1 200");
            try (Socket third = server.connect()) {
                third.getOutputStream().write(HEALTH);
                first.shutdownOutput();

                assertThat(new String(third.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                        .isEqualTo("HTTP/1.1 200");
            }
        }
    }

    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write(HEALTH);
        return new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
    }
}
