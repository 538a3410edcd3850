package mata.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program in real processes. Needs what {@code package} leaves in {@code target/mataserver}. */
final class ProgramTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MOVENET = "google/movenet-lightning";
    private static final Path PHOTO =
            Path.of("src/main/dist/photos/astronaut.jpg").toAbsolutePath();

    /**
     * Joints that are in the picture, x and y: measured on the same photo with ONNX Runtime in Python, from the model's JSON files
     * (notes to the test models, movenet-lightning); to be met within 12 pixels.
     */
    private static final List<float[]> JOINTS = List.of(
            new float[] {222, 121},
            new float[] {247, 101},
            new float[] {204, 99},
            new float[] {276, 115},
            new float[] {176, 111},
            new float[] {318, 271},
            new float[] {109, 256});

    @TempDir
    Path home;

    private Program program;

    @BeforeEach
    void prepare() {
        program = new Program(home);
    }

    @Test
    void aFreshStartIsSafeAndStillOneCommand() throws Exception {
        try (Program.Serving server = program.serve("serve")) {
            String key = Files.readString(home.resolve(".mataserver/api_key")).strip();

            assertThat(server.text()).contains("no API key was given: one is made, and lies in " + home);
            assertThat(get(server.url() + "/v1/health", "").body())
                    .contains("\"status\":\"ok\"", "\"version\":\"0.6.0\"");
            assertThat(get(server.url() + "/v1/models", "").statusCode()).isEqualTo(401);
            assertThat(get(server.url() + "/v1/models", "not the key").statusCode())
                    .isEqualTo(403);
            assertThat(get(server.url() + "/v1/models", key).body()).isEqualTo("[]");
            assertThat(server.end()).isEqualTo(128 + 15);
        }
    }

    @Test
    void whatTheCommandLineChangesARunningServerSees() throws Exception {
        try (Program.Serving server = program.serve("serve")) {
            String[] to = {"--url", server.url(), "--api-key", key()};

            assertThat(program.run("pull", MOVENET, "--task", "pose").out())
                    .isEqualTo("Pulled '" + MOVENET + "' (task: pose, source: hf).\n");
            assertThat(program.run(with(to, "load", MOVENET)).out())
                    .isEqualTo("Model '" + MOVENET + "' loaded and ready.\n");
            assertThat(program.run(with(to, "ps")).out()).contains(MOVENET, "ready");
            assertThat(program.run(with(to, "stop", MOVENET)).out())
                    .isEqualTo("Model '" + MOVENET + "' unloaded from memory.\n");
            assertThat(program.run(with(to, "stop", MOVENET)).out())
                    .isEqualTo("Model '" + MOVENET + "' was not loaded (nothing to stop).\n");
            assertThat(program.run("rm", MOVENET).exitCode()).isZero();
            assertThat(program.run(with(to, "load", MOVENET)))
                    .isEqualTo(new Program.Ran(1, "", "error: Model not found: " + MOVENET + "\n"));
            assertThat(program.run("load", MOVENET, "--url", server.url(), "--api-key", "wrong"))
                    .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(1))
                    .satisfies(ran -> assertThat(ran.err()).startsWith("error: Invalid API key"));
        }
    }

    @Test
    void withoutAServerACommandSaysSo() throws Exception {
        assertThat(program.with("MATA_SERVER_PORT", "1").run("stop", MOVENET))
                .isEqualTo(new Program.Ran(
                        1, "", "error: cannot reach http://localhost:1: is the server running? (mataserver serve)\n"));
    }

    @Test
    void inferNeedsNoServer() throws Exception {
        Program.Ran ran = program.run("infer", MOVENET, PHOTO.toString(), "--json", "--save", "drawn.png");

        assertThat(ran.err()).isEmpty();
        assertJoints(JSON.readTree(ran.out()));
        assertThat(program.file("drawn.png")).isRegularFile().satisfies(ProgramTest::isPng);
    }

    @Test
    void inferAsksARunningServer() throws Exception {
        try (Program.Serving server = program.serve("serve")) {
            program.run("pull", MOVENET, "--task", "pose");

            Program.Ran ran = program.run(
                    "infer", MOVENET, PHOTO.toString(), "--json", "--url", server.url(), "--api-key", key());

            assertJoints(JSON.readTree(ran.out()));
            assertThat(server.process().descendants()).as("a reader of its own").isNotEmpty();
        }
    }

    @Test
    void aServerThatIsKilledLeavesNoReaderBehind() throws Exception {
        try (Program.Serving server = program.serve("serve")) {
            program.run("pull", MOVENET, "--task", "pose");
            program.run("load", MOVENET, "--url", server.url(), "--api-key", key());
            List<ProcessHandle> readers = server.process().descendants().toList();

            server.process().destroyForcibly();

            assertThat(readers).isNotEmpty();
            Awaitility.await()
                    .atMost(20, TimeUnit.SECONDS)
                    .until(() -> readers.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(program.run("list").out()).contains(MOVENET);
        }
    }

    @Test
    void theDemoDrawsSuggestsAndServes() throws Exception {
        try (Program.Serving demo = program.serve("demo")) {
            demo.awaitText("Ctrl-C ends it");

            assertThat(demo.text()).contains("drawn: mataserver-demo-pose.png", "drawn: mataserver-demo-segment.png");
            assertThat(program.file("mataserver-demo-pose.png")).isRegularFile().satisfies(ProgramTest::isPng);
            assertThat(program.file("mataserver-demo-segment.png"))
                    .isRegularFile()
                    .satisfies(ProgramTest::isPng);
            List<String> suggestions = demo.text()
                    .lines()
                    .filter(line -> line.startsWith("  curl "))
                    .toList();
            assertThat(suggestions).hasSize(3);
            assertThat(shell(suggestions.get(0))).contains("\"status\":\"ok\"");
            assertThat(shell(suggestions.get(1))).contains(MOVENET, "google/selfie-segmentation");
            assertJoints(JSON.readTree(shell(suggestions.get(2))));
        }
    }

    @Test
    void aDemoWhosePortIsTakenTakesAnother() throws Exception {
        try (Program.Serving server = program.serve("serve")) {
            String taken = server.url().substring(server.url().lastIndexOf(':') + 1);

            Program.Ran ran = program.with("MATA_SERVER_PORT", taken).run("demo", "--once");

            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out()).contains("cannot listen on 0.0.0.0:" + taken, "taking a free port");
        }
    }

    @Test
    void aPortThatWasSetAndIsTakenStopsTheStart() throws Exception {
        try (Program.Serving server = program.serve("serve")) {
            String taken = server.url().substring(server.url().lastIndexOf(':') + 1);

            Program.Ran ran = program.with("MATA_SERVER_PORT", taken).run("serve");

            assertThat(ran.exitCode()).isEqualTo(1);
            assertThat(ran.err()).contains("error: MATA_SERVER_PORT: cannot listen on 0.0.0.0:" + taken);
        }
    }

    @Test
    void badSettingsStopTheStartWithOneLine() throws Exception {
        Files.writeString(program.file(".env"), "MATA_SERVER_AUTH_MOD=none\n");

        assertThat(program.run("serve"))
                .isEqualTo(new Program.Ran(
                        1,
                        "",
                        "error: settings: MATA_SERVER_AUTH_MOD in .env: unknown setting; did you mean"
                                + " MATA_SERVER_AUTH_MODE?\n"));
    }

    @Test
    void logLinesAreObjectsWhereAskedFor() throws Exception {
        try (Program.Serving server =
                program.with("MATA_SERVER_LOG_FORMAT", "json").serve("serve")) {
            for (String line : server.text().lines().toList()) {
                assertThat(JSON.readTree(line).path("level").asText()).isIn("INFO", "WARN");
                assertThat(JSON.readTree(line).path("formattedMessage").asText())
                        .isNotEmpty();
            }
        }
    }

    private String key() throws IOException {
        return Files.readString(home.resolve(".mataserver/api_key")).strip();
    }

    private static String[] with(String[] options, String... words) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(words), java.util.stream.Stream.of(options))
                .toArray(String[]::new);
    }

    private static HttpResponse<String> get(String url, String key) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String shell(String line) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", line).start();
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static void assertJoints(JsonNode answer) {
        assertThat(answer.path("task").asText()).isEqualTo("pose");
        JsonNode joints = answer.path("keypoints").path(0).path("keypoints");
        assertThat(joints).hasSize(17);
        for (int i = 0; i < JOINTS.size(); i++) {
            assertThat(joints.path(i).path(0).asDouble())
                    .as("x of joint %d", i)
                    .isCloseTo(JOINTS.get(i)[0], within(12.0));
            assertThat(joints.path(i).path(1).asDouble())
                    .as("y of joint %d", i)
                    .isCloseTo(JOINTS.get(i)[1], within(12.0));
        }
    }

    private static void isPng(Path file) {
        try {
            assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G');
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
