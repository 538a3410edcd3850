package mata.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * This program as it lies on disk.
 *
 * @param home the folder with {@code models/}, {@code photos/}, {@code native/} and {@code bin/}
 * @param command what starts this program again, without the words that say what it shall do
 */
public record Installation(Path home, List<String> command) {

    public Installation {
        command = List.copyOf(command);
    }

    /** Where this process's own classes came from. */
    public static Installation current() {
        try {
            Path classes = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            // Beside the jar; or, where a build tool runs the classes, in the sources of the same module.
            Path home = Files.isRegularFile(classes)
                    ? classes.resolveSibling("")
                    : classes.resolve("../../src/main/dist").normalize();
            Path launcher = home.resolve("bin/mataserver");
            return new Installation(
                    home,
                    Files.isRegularFile(classes)
                            ? List.of(launcher.toString())
                            : List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "--enable-native-access=ALL-UNNAMED",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "mata.Main"));
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Models that come with this program: {@code org/name} folders. */
    public Path starterModels() {
        return home.resolve("models");
    }

    /** A photo to try things on. */
    public Path photo() {
        return home.resolve("photos/astronaut.jpg");
    }

    /** One version for all that is built together. */
    public static String version() {
        try (InputStream text = Installation.class.getResourceAsStream("version.txt")) {
            if (text == null) {
                throw new IllegalStateException("built without version.txt");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
