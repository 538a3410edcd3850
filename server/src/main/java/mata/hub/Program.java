package mata.hub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program of the system to its end, and keeps the last of what it said. */
final class Program {

    private static final int LINES_KEPT = 200;
    private static final long SECONDS_TO_END = 5;

    private Program() {}

    /** @param lines what it printed at last, to either output */
    record Outcome(int status, List<String> lines) {
        Outcome {
            lines = List.copyOf(lines);
        }

        boolean isGood() {
            return status == 0;
        }
    }

    /**
     * @param environment on top of our own
     * @throws IOException where there is no such program
     * @throws InterruptedException after the program was told to end
     */
    static Outcome run(List<String> command, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        Deque<String> lines = new ArrayDeque<>();
        Thread reader = Thread.ofVirtual().start(() -> keepLast(process, lines));
        try {
            int status = process.waitFor();
            reader.join();
            return new Outcome(status, List.copyOf(lines));
        } catch (InterruptedException e) {
            end(process);
            throw e;
        }
    }

    private static void keepLast(Process process, Deque<String> lines) {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.add(line);
                if (lines.size() > LINES_KEPT) {
                    lines.removeFirst();
                }
            }
        } catch (IOException ended) {
            // The program is gone, and so is what it wanted to say.
        }
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
