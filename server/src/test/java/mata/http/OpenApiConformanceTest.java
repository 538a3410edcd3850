package mata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.testing.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Has schemathesis make requests out of the description, good ones and bad ones, and holds every answer against it: no 500,
 * no status, type or body that is not described, no bad request that is taken and no good one that is refused.
 */
final class OpenApiConformanceTest {

    private static final Path FILES = Path.of("src/test/resources/mata/http").toAbsolutePath();

    @TempDir
    private Path folder;

    @Test
    void theServerDoesWhatItsDescriptionSays() throws Exception {
        Path schemathesis = schemathesis();
        try (var server = TestServer.start()) {
            server.puller().runs((request, _) -> {
                // Else the made-up names that come again and again would soon all be installed.
                if (!request.model().contains("/")) {
                    throw new Rejected(new Problem.BadInput("no such model"));
                }
            });
            Path output = folder.resolve("output.txt");
            var command = new ProcessBuilder(
                    schemathesis.toString(),
                    "--config-file=" + FILES.resolve("schemathesis.toml"),
                    "run",
                    server.uri("/openapi.json").toString(),
                    "--header=Authorization: Bearer " + TestServer.KEY,
                    "--phases=examples,coverage,fuzzing",
                    "--max-examples=10",
                    "--generation-deterministic",
                    "--no-color");
            command.directory(folder.toFile());
            command.environment()
                    .put(
                            "SCHEMATHESIS_HOOKS",
                            FILES.resolve("schemathesis_hooks.py").toString());
            command.redirectErrorStream(true).redirectOutput(output.toFile());

            Process run = command.start();
            boolean ended = run.waitFor(5, TimeUnit.MINUTES);
            run.destroyForcibly();

            String report = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as(report).isTrue();
            assertThat(run.exitValue()).as(report).isZero();
            assertThat(report).contains("Tested: " + 12);
        }
    }

    /** Prepared by the test command; a run that is to prove something must not go without. */
    private static Path schemathesis() throws IOException {
        Optional<Path> found = Stream.of(
                        Optional.ofNullable(System.getenv("MATA_TEST_VENV")).map(Path::of),
                        Optional.of(Path.of("../.venv")))
                .flatMap(Optional::stream)
                .map(venv -> venv.resolve("bin/schemathesis").toAbsolutePath())
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && "true".equals(System.getenv("CI"))) {
            throw new IOException(
                    "schemathesis is missing: set MATA_TEST_VENV, or run tools/test, which prepares .venv");
        }
        assumeTrue(found.isPresent(), "schemathesis is not installed; tools/test prepares it");
        return found.get();
    }
}
