package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import mata.http.ListenerOptions.Limits;
import mata.http.ListenerOptions.Timeouts;
import mata.testing.TestServer;
import mata.testing.TestServer.Reply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP itself: methods, headers, keys, and what never reaches a handler. */
final class ProtocolTest {

    @AutoClose
    private final TestServer server = TestServer.start(new ListenerOptions(
            "127.0.0.1",
            0,
            Optional.empty(),
            List.of("https://app.example"),
            List.of("127.0.0.1"),
            Limits.documented(),
            Timeouts.documented()));

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/models",
        "GET, /v1/models/easyocr",
        "GET, /v1/models/test/detect",
        "DELETE, /v1/models/easyocr",
        "DELETE, /v1/models/test/detect",
        "POST, /v1/models/pull",
        "POST, /v1/models/warmup",
        "POST, /v1/models/unload",
        "GET, /v1/ps",
        "POST, /v1/infer",
        "POST, /v1/infer/upload",
    })
    void everyRouteOfModelsAndInferenceAsksForAKey(String method, String path) {
        var without = send(method, path);
        var wrong = send(method, path, "Authorization", "Bearer nobody-knows-this-key");
        var malformed = send(method, path, "Authorization", "Basic dXNlcjpwYXNz");

        assertThat(without.toString()).isEqualTo("401 {\"detail\":\"Missing Authorization header\"}");
        assertThat(without.header("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(wrong.toString()).isEqualTo("403 {\"detail\":\"Invalid API key\"}");
        assertThat(malformed.status()).isEqualTo(401);
        assertThat(server.registry().list()).hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/health", "/openapi.json", "/docs", "/redoc"})
    void healthAndThePagesAskForNone(String path) {
        assertThat(send("GET", path).status()).isEqualTo(200);
    }

    @Test
    void anOpenServerAsksForNoKeyAnywhere() {
        try (var open = TestServer.startOpen()) {
            var request = HttpRequest.newBuilder(open.uri("/v1/models")).build();

            assertThat(open.send(request).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/models/", "/v1/modelz", "/v1/models/a/b/c", "/v2/infer", "/docs/none.js"})
    void anUnknownPathIsNotFound(String path) {
        assertThat(server.get(path).toString()).isEqualTo("404 {\"detail\":\"Not Found\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v1/health, 'GET, HEAD, OPTIONS'",
        "PUT, /v1/models, 'GET, HEAD, OPTIONS'",
        "PATCH, /v1/models/test/detect, 'DELETE, GET, HEAD, OPTIONS'",
        "GET, /v1/models/pull, 'OPTIONS, POST'",
        "DELETE, /v1/infer, 'OPTIONS, POST'",
        "BREW, /v1/infer, 'OPTIONS, POST'",
    })
    void aWrongMethodIsToldWhichAreRight(String method, String path, String allowed) {
        var reply = send(method, path, "Authorization", "Bearer " + TestServer.KEY);

        assertThat(reply.toString()).isEqualTo("405 {\"detail\":\"Method Not Allowed\"}");
        assertThat(reply.header("Allow")).isEqualTo(allowed);
    }

    @Test
    void optionsNamesTheMethods() {
        var reply = send("OPTIONS", "/v1/models/test/detect");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.header("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS");
    }

    @Test
    void headIsGetWithoutTheBody() {
        var get = send("GET", "/v1/health");
        var head = send("HEAD", "/v1/health");

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.text()).isEmpty();
        assertThat(head.header("Content-Length")).isEqualTo(get.header("Content-Length"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "3fa85f64-5717-4562-b3fc-2c963f66afa6", "trace:1/2+3=4"})
    void aSaneRequestIdComesBack(String id) {
        assertThat(send("GET", "/v1/health", "X-Request-ID", id).header("X-Request-ID"))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "<script>", "caf\u00e9", "{}"})
    void aStrangeRequestIdIsReplaced(String id) {
        assertThat(send("GET", "/v1/health", "X-Request-ID", id).header("X-Request-ID"))
                .matches("[0-9a-f]{16}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/health", "/v1/models", "/nowhere", "/docs"})
    void everyAnswerHasARequestIdAndKeepsTheServersMakeToItself(String path) {
        var reply = send("GET", path);

        assertThat(reply.header("X-Request-ID")).matches("[0-9a-f]{16}");
        assertThat(reply.header("Server")).isEmpty();
        assertThat(reply.header("Date")).isNotEmpty();
    }

    @Test
    void aFaultOfOursIs500WithItsRequestIdAndNoTrace() {
        server.scheduler().answers(_ -> {
            throw new IllegalStateException("secret state of mata.Something");
        });

        var reply = server.send(server.request("/v1/infer")
                .header("Content-Type", "application/json")
                .header("X-Request-ID", "call-7")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"test/detect\",\"image\":\"" + TestPictures.base64() + "\"}"))
                .build());

        assertThat(reply.toString())
                .isEqualTo("500 {\"detail\":\"Internal server error; the log says more, see request_id\","
                        + "\"request_id\":\"call-7\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GARBAGE\\r\\n\\r\\n | 400",
                "GET /v1/health HTTP/9.9\\r\\n\\r\\n | 505",
                "GET /v1/health HTTP/1.1\\r\\n\\r\\n | 400",
                "GET /v1/health HTTP/1.1\\r\\nHost: x\\r\\nBad Header\\r\\n\\r\\n | 400",
                "GET /%ZZ HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n | 400",
                "GET /v1/health?%ZZ HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n | 200",
                "POST /v1/models/warmup HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: -5\\r\\n\\r\\n | 400",
                "POST /v1/models/warmup HTTP/1.1\\r\\nHost: x\\r\\nTransfer-Encoding: gzip\\r\\n\\r\\n | 400",
            })
    void whatIsNotHttpIsAnsweredInTheUsualShape(String bytes, int status) throws IOException {
        String reply = exchange(bytes.replace("\\r", "\r").replace("\\n", "\n"));

        assertThat(reply).startsWith("HTTP/1.1 " + status + " ").contains("X-Request-ID: ");
        if (status != 200) {
            assertThat(reply).contains("Content-Type: application/json").contains("{\"detail\":\"");
        }
    }

    @Test
    void aHeaderWithoutEndIs431() throws IOException {
        String reply = exchange("GET /v1/health HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(20_000) + "\r\n\r\n");

        assertThat(reply).startsWith("HTTP/1.1 431 ").contains("{\"detail\":\"");
    }

    @Test
    void aBrokenChunkIs400() throws IOException {
        String reply = exchange("POST /v1/models/warmup HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.KEY
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n");

        assertThat(reply).startsWith("HTTP/1.1 400 ").contains("{\"detail\":\"");
    }

    @Test
    void aQueryThatCannotBeDecodedIs400() {
        var reply = rawPost("/v1/infer?model=%ZZ", "image/jpeg", TestPictures.jpeg());

        assertThat(reply).startsWith("HTTP/1.1 400 ").contains("{\"detail\":\"");
    }

    @Test
    void twoRequestsSentAtOnceAreBothAnsweredOrTheConnectionSaysThatItEnds() throws IOException {
        String one = "GET /v1/health HTTP/1.1\r\nHost: x\r\n\r\n";
        String last = "GET /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        String reply = exchange(one + one + last);

        assertThat(reply.split("HTTP/1.1 200 OK", -1)).hasSize(4);
    }

    @Test
    void aPageOfAnAllowedOriginMayCall() {
        var preflight = send(
                "OPTIONS",
                "/v1/infer",
                "Origin",
                "https://app.example",
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "authorization,content-type");
        var call = send("GET", "/v1/health", "Origin", "https://app.example");

        assertThat(preflight.status()).isEqualTo(200);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        assertThat(preflight.header("Access-Control-Allow-Methods")).contains("POST", "DELETE");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Authorization", "Content-Type");
        assertThat(preflight.header("X-Request-ID")).isNotEmpty();
        assertThat(call.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        assertThat(call.header("Access-Control-Expose-Headers")).contains("X-Request-ID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "https://appXexample", "https://app.example.evil.example"})
    void aPageOfAnotherOriginMayNot(String origin) {
        var preflight = send("OPTIONS", "/v1/infer", "Origin", origin, "Access-Control-Request-Method", "POST");

        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(send("GET", "/v1/health", "Origin", origin).header("Access-Control-Allow-Origin"))
                .isEmpty();
    }

    private Reply send(String method, String path, String... headers) {
        var request = HttpRequest.newBuilder(server.uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return server.send(request.build());
    }

    private String rawPost(String target, String type, byte[] body) {
        String head = "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + TestServer.KEY + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Sends these bytes, says that no more follow, and reads until the server ends the connection. */
    private String exchange(String request) throws IOException {
        try (Socket socket = server.connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
