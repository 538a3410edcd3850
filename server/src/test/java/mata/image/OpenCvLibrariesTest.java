package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class OpenCvLibrariesTest {

    @Test
    void aProcessUnpacksThemOnceAndTheNextOneFindsThem(@TempDir Path folder) throws Exception {
        List<String> first = decodeInAProcess(folder);
        List<Path> unpacked = files(folder);
        List<String> second = decodeInAProcess(folder);

        assertThat(first).first().isEqualTo("219x152");
        assertThat(first.subList(1, first.size()))
                .as("libraries in the process's memory")
                .isNotEmpty()
                .allSatisfy(library -> assertThat(library).startsWith(folder.toString()));
        assertThat(second).isEqualTo(first);
        assertThat(files(folder)).isEqualTo(unpacked);
    }

    /** The size of the decoded picture, then the paths of OpenCV's libraries that the process has in memory. */
    public static void main(String[] args) throws IOException {
        OpenCvLibraries.load(Path.of(args[0]));
        Frame frame = Decoder.decode(Fixtures.bytes("photos/cat_rgba.png"), 1_000_000);
        new OpticalFlow().between(OpticalFlow.grey(frame), OpticalFlow.grey(frame));
        System.out.println(frame.width() + "x" + frame.height());
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            maps.filter(line -> line.contains("opencv") && line.contains(".so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .sorted()
                    .forEach(System.out::println);
        }
    }

    private static List<String> decodeInAProcess(Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OpenCvLibrariesTest.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = process.inputReader().lines().toList();
        assertThat(process.waitFor()).isZero();
        return lines;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().toList();
        }
    }
}
