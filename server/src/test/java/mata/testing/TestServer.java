package mata.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import mata.auth.Gate;
import mata.http.ListenerOptions;
import mata.http.VisionListener;
import mata.http.VisionParts;
import mata.registry.RegisteredModel;
import mata.task.Task;

/** The vision API on a free port of this machine, with one model for each task and scripted parts behind it. */
public final class TestServer implements AutoCloseable {

    public static final String KEY = "test-key-0123456789";
    public static final String VERSION = "0.6.0";
    public static final long MAX_PIXELS = 64_000_000;
    /** 1709553600.123, as on the reference page. */
    public static final Instant NOW = Instant.ofEpochMilli(1_709_553_600_123L);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MemoryRegistry registry = new MemoryRegistry();
    private final ScriptedFleet fleet = new ScriptedFleet();
    private final ScriptedScheduler scheduler = new ScriptedScheduler();
    private final ScriptedPuller puller = new ScriptedPuller(registry);
    private final StoppedTime time = new StoppedTime();
    private final VisionParts parts;
    private final VisionListener listener;
    private final HttpClient client = HttpClient.newHttpClient();
    private final String scheme;

    private TestServer(ListenerOptions options, Gate gate) {
        for (Task task : Task.values()) {
            registry.with("test/" + task.word(), task);
        }
        registry.with("easyocr", Task.OCR, RegisteredModel.Source.PIP);
        time.jumpWall(Duration.between(Instant.EPOCH, NOW));
        scheme = options.tls().isPresent() ? "https" : "http";
        parts = new VisionParts(
                gate,
                registry,
                fleet,
                scheduler,
                puller,
                TestServer::size,
                time,
                VERSION,
                false,
                MAX_PIXELS,
                Duration.ofSeconds(30));
        listener = new VisionListener(options, parts);
        try {
            listener.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestServer start() {
        return start(options());
    }

    public static TestServer start(ListenerOptions options) {
        return new TestServer(options, Gate.forKeys(List.of(KEY, "another-key-0123456789")));
    }

    public static TestServer startOpen() {
        return new TestServer(options(), Gate.open());
    }

    /** On the loopback address, any port. */
    public static ListenerOptions options() {
        return ListenerOptions.on("127.0.0.1", 0);
    }

    /** The same with limits of the test's own. */
    public static ListenerOptions options(ListenerOptions.Limits limits, ListenerOptions.Timeouts timeouts) {
        return new ListenerOptions("127.0.0.1", 0, Optional.empty(), List.of(), List.of(), limits, timeouts);
    }

    private static OptionalLong size(RegisteredModel model) {
        return model.source() == RegisteredModel.Source.HF ? OptionalLong.of(421_000_000) : OptionalLong.empty();
    }

    public VisionParts parts() {
        return parts;
    }

    public MemoryRegistry registry() {
        return registry;
    }

    public ScriptedFleet fleet() {
        return fleet;
    }

    public ScriptedScheduler scheduler() {
        return scheduler;
    }

    public ScriptedPuller puller() {
        return puller;
    }

    public int port() {
        return listener.port();
    }

    public URI uri(String path) {
        return URI.create(scheme + "://127.0.0.1:" + port() + path);
    }

    /** A request with a key that opens the gate. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + KEY);
    }

    public Reply get(String path) {
        return send(request(path).GET().build());
    }

    public Reply delete(String path) {
        return send(request(path).DELETE().build());
    }

    public Reply post(String path, String json) {
        return post(path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    public Reply post(String path, String contentType, byte[] body) {
        return send(request(path)
                .header("Content-Type", contentType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    }

    public Reply send(HttpRequest request) {
        try {
            return new Reply(client.send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A bare connection, for what no HTTP client would send. The caller closes it. */
    public Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** Closes the port, as a stop of the server does. */
    public void closeListener() {
        listener.close();
    }

    @Override
    public void close() {
        client.shutdownNow();
        listener.close();
    }

    /** What came back. */
    public record Reply(HttpResponse<byte[]> response) {

        public int status() {
            return response.statusCode();
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(text(), e);
            }
        }

        public String detail() {
            return json().path("detail").asText();
        }

        @Override
        public String toString() {
            return status() + " " + text();
        }
    }
}
