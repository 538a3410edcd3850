package mata.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * This program as it lies on disk.
 *
 * @param home the folder with {@code models/} and {@code photos/}
 * @param nativeLibraries where native libraries lie unpacked, or are to be unpacked
 * @param command what starts this program again, without the words that say what it shall do
 */
public record Installation(Path home, Path nativeLibraries, List<String> command) {

    public Installation {
        command = List.copyOf(command);
    }

    /** Where this process's own classes came from: the jar of an installation, or the output folder of the build. */
    public static Installation current() {
        try {
            Path classes = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(classes) ? ofJar(classes.resolveSibling("")) : ofBuild(classes);
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Installation ofJar(Path home) {
        return new Installation(
                home,
                home.resolve("native"),
                List.of(home.resolve("bin/mataserver").toString()));
    }

    private static Installation ofBuild(Path classes) {
        return new Installation(
                classes.resolve("../../src/main/dist").normalize(),
                classes.resolveSibling("native"),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "mata.Main"));
    }

    /** The command line that starts this program again. */
    public List<String> again(String... words) {
        return Stream.concat(command.stream(), Stream.of(words)).toList();
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
