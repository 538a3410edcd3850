package mata.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** The real {@code huggingface_hub}, from the environment that {@code tools/test} prepares. */
final class PythonTools {

    private final Path python;
    private final Path home;
    private final LocalHub hub;

    /** @param home the tools' {@code HF_HOME}; the cache is its folder {@code hub} */
    PythonTools(Path home, LocalHub hub) {
        this.python = environment().resolve("bin/python");
        this.home = home;
        this.hub = hub;
    }

    /** Skips the test where nobody prepared Python, except on the build server: there it must not be missing. */
    static Path environment() {
        Path found = Optional.ofNullable(System.getenv("MATA_TEST_VENV"))
                .map(Path::of)
                .orElse(Path.of("..", ".venv"))
                .toAbsolutePath()
                .normalize();
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(
                    Files.exists(found.resolve("bin/python")), "no Python environment; tools/test makes one");
        }
        return found;
    }

    Path cache() {
        return home.resolve("hub");
    }

    Process start(String program) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(python.toString(), "-c", "import huggingface_hub as hf\n" + program);
        builder.environment().keySet().removeIf(name -> name.startsWith("HF_"));
        builder.environment().put("HF_HOME", home.toString());
        builder.environment().put("HF_ENDPOINT", hub.endpoint().toString());
        builder.environment().put("HF_HUB_DISABLE_XET", "1");
        builder.environment().put("HF_HUB_DISABLE_TELEMETRY", "1");
        builder.environment().put("HF_HUB_DISABLE_PROGRESS_BARS", "1");
        return builder.redirectErrorStream(true).start();
    }

    /** @return what the program printed */
    String run(String program) throws IOException, InterruptedException {
        Process process = start(program);
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(printed);
        }
        return printed.strip();
    }
}
