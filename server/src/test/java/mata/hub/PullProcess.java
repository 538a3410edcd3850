package mata.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import mata.folder.NumberFormat;
import mata.problem.Rejected;
import mata.registry.FileRegistry;
import mata.task.Task;

/** A pull in a process of its own, to be killed, starved or raced. */
final class PullProcess {

    static final int RANGE = 256 << 10;

    private PullProcess() {}

    /** @param home gets the cache ({@code hub}) and the registry ({@code data}) */
    static HubPull pull(URI endpoint, Path home) {
        return new HubPull(
                HubAccess.to(endpoint),
                home.resolve("hub"),
                new FileRegistry(home.resolve("data"), List::of),
                new Twins(home.resolve("twins.yaml")),
                NativeFamilies.NONE,
                new HubPull.Policy(NumberFormat.FP32, false),
                path -> Long.MAX_VALUE,
                RANGE);
    }

    /** Endpoint, home, model. Prints what became of it. */
    public static void main(String[] args) throws InterruptedException {
        try (HubPull pull = pull(URI.create(args[0]), Path.of(args[1]))) {
            pull.pull(new PullRequest(args[2], Task.CLASSIFY), PullProgress.NONE);
            System.out.println("pulled");
        } catch (Rejected e) {
            System.out.println(e.getMessage());
            System.exit(1);
        }
    }

    /** @param before words in front of the command, such as a program that shuts it in */
    static Process start(List<String> before, URI endpoint, Path home, String model) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                PullProcess.class.getName(),
                endpoint.toString(),
                home.toString(),
                model));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    static String outputOf(Process process) throws IOException, InterruptedException {
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return printed.lines().filter(line -> !line.startsWith("SLF4J")).reduce("", (all, line) -> line);
    }
}
