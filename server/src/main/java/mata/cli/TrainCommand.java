package mata.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import mata.config.Settings;
import picocli.CommandLine.Command;

/**
 * Does once what users do most, in a data folder of its own, so that the build can keep what Java loaded and linked for it:
 * commands, the server with its listener, and a reader with engine and pictures, all in this one process.
 */
@Command(name = "train", hidden = true, description = "Run through everything once, for the ahead-of-time cache")
final class TrainCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    TrainCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("mata-train");
        try {
            String photo = surroundings.installation().photo().toString();
            String drawing = folder.resolve("drawing.png").toString();
            List<List<String>> runs = List.of(
                    List.of("version"),
                    List.of("list"),
                    List.of("pull", "google/movenet-lightning", "--task", "pose"),
                    List.of("list"),
                    List.of("show", "google/movenet-lightning"),
                    List.of("infer", "google/movenet-lightning", photo, "--param", "confidence=0.1", "--save", drawing),
                    List.of("infer", "google/movenet-lightning", photo, photo, "--json"),
                    List.of("rm", "google/movenet-lightning"));
            for (List<String> run : runs) {
                int exitCode = new Commands(quiet(folder)).run(run.toArray(String[]::new));
                if (exitCode != 0) {
                    surroundings.err().println("training: " + String.join(" ", run) + " ended with " + exitCode);
                    return exitCode;
                }
            }
            return 0;
        } finally {
            delete(folder);
        }
    }

    private Surroundings quiet(Path folder) {
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return new Surroundings(
                () -> Settings.read(Map.of("HOME", folder.toString(), "MATA_SERVER_PORT", "1"), folder),
                surroundings.installation(),
                surroundings.server(),
                surroundings.probe(),
                () -> false,
                nowhere,
                surroundings.err());
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
