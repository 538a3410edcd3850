package mata.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The built program as a user starts it: real processes, in a home folder of its own. */
final class Program {

    private static final Path LAUNCHER =
            Path.of("target/mataserver/bin/mataserver").toAbsolutePath();
    private static final Pattern ADDRESS = Pattern.compile("(?:listens|serves) on (http://localhost:\\d+)");
    private static final long LONGEST_SECONDS = 60;

    private final Path home;
    private final Map<String, String> environment = new HashMap<>();

    /** What one run did. */
    record Ran(int exitCode, String out, String err) {}

    Program(Path home) {
        this.home = home;
        environment.put("HOME", home.toString());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("MATA_SERVER_PORT", "0");
    }

    Program with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Path file(String name) {
        return home.resolve(name);
    }

    /** Runs a command to its end. */
    Ran run(String... words) throws IOException, InterruptedException {
        Path out = Files.createTempFile(home, "out", ".txt");
        Path err = Files.createTempFile(home, "err", ".txt");
        Process process = builder(words)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(List.of(words) + " does not end: " + Files.readString(err));
            }
            return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.destroyForcibly();
        }
    }

    /** Starts a command that serves, and returns once it has said where. */
    Serving serve(String... words) throws IOException {
        Path said = Files.createTempFile(home, "said", ".txt");
        Process process = builder(words)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        var serving = new Serving(process, said);
        boolean answers = false;
        try {
            serving.awaitText(ADDRESS.pattern());
            answers = true;
            return serving;
        } finally {
            if (!answers) {
                serving.close();
            }
        }
    }

    private ProcessBuilder builder(String... words) {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(LAUNCHER.toString()), Stream.of(words))
                        .toList())
                .directory(home.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MATA_") || name.startsWith("HF_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** A server that runs until the test is over. */
    record Serving(Process process, Path said) implements AutoCloseable {

        String url() {
            Matcher address = ADDRESS.matcher(text());
            if (!address.find()) {
                throw new AssertionError("no address in: " + text());
            }
            return address.group(1);
        }

        /** All it has printed so far; JSON may write a slash as two characters. */
        String text() {
            try {
                return Files.readString(said, StandardCharsets.UTF_8).replace("\\/", "/");
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }

        void awaitText(String pattern) {
            Pattern wanted = Pattern.compile(pattern);
            Awaitility.await().atMost(LONGEST_SECONDS, TimeUnit.SECONDS).until(() -> {
                if (!process.isAlive() && !wanted.matcher(text()).find()) {
                    throw new AssertionError("ended with " + process.exitValue() + ": " + text());
                }
                return wanted.matcher(text()).find();
            });
        }

        /** As Ctrl-C or a service manager ends it. @return its exit code */
        int end() throws InterruptedException {
            process.destroy();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end: " + text());
            }
            return process.exitValue();
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
