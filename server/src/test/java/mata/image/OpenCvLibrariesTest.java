package mata.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class OpenCvLibrariesTest {

    @Test
    void processesThatStartTogetherUnpackThemOnceAndTheNextOneFindsThem(@TempDir Path folder) throws Exception {
        Process one = start(folder);
        Process other = start(folder);
        List<String> first = lines(one);
        List<String> beside = lines(other);
        List<Path> unpacked = files(folder);
        List<String> later = lines(start(folder));

        assertThat(first.subList(0, 2)).containsExactly("219x152", "limit 0");
        assertThat(first.subList(2, first.size()))
                .as("libraries in the process's memory")
                .isNotEmpty()
                .allSatisfy(library -> assertThat(library).startsWith(folder.toString()));
        assertThat(beside).isEqualTo(first);
        assertThat(later).isEqualTo(first);
        assertThat(files(folder)).isEqualTo(unpacked).hasSize(20); // both folders and 18 libraries
    }

    /** A model's weights would count, and stop the decoding of pictures. */
    @Test
    void javaCppPutsNoLimitOnTheProcessEvenWhereItLoadsTheLibrariesItself() throws Exception {
        assertThat(lines(start(Path.of("-"))).get(1)).isEqualTo("limit 0");
    }

    /**
     * The size of the decoded picture, at how much memory in the whole process JavaCPP would stop (0: never), then the
     * paths of OpenCV's libraries that the process has in memory.
     */
    public static void main(String[] args) throws IOException {
        if (!args[0].equals("-")) {
            OpenCvLibraries.load(Path.of(args[0]));
        }
        Frame frame = Decoder.decode(Fixtures.bytes("photos/cat_rgba.png"), 1_000_000);
        new OpticalFlow().between(OpticalFlow.grey(frame), OpticalFlow.grey(frame));
        System.out.println(frame.width() + "x" + frame.height());
        System.out.println("limit " + Pointer.maxPhysicalBytes());
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            maps.filter(line -> line.contains("opencv") && line.contains(".so"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .distinct()
                    .sorted()
                    .forEach(System.out::println);
        }
    }

    private static Process start(Path folder) throws IOException {
        return new ProcessBuilder(
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
    }

    private static List<String> lines(Process process) throws InterruptedException {
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
