package mata.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;

/**
 * OpenCV's native libraries, kept unpacked. Left alone, JavaCPP unpacks 140 MB into the user's home, half of them never
 * needed, and looks through its jars at every start; loaded from here a process decodes its first picture with a third of the
 * processor time (0.2 s instead of 0.6 s) and half the memory.
 */
public final class OpenCvLibraries {

    private static final String LINUX = "linux";

    /** What this package uses, each after those it needs itself. Some systems have no need of some. */
    private static final List<String> IN_ORDER = List.of(
            "javacpp/libjnijavacpp.so",
            "openblas/libgcc_s.so.1",
            "openblas/libquadmath.so.0",
            "openblas/libgfortran.so.5",
            "openblas/libopenblas.so.0",
            "opencv/libopencv_core.so.413",
            "opencv/libopencv_imgproc.so.413",
            "opencv/libopencv_imgcodecs.so.413",
            "opencv/libopencv_flann.so.413",
            "opencv/libopencv_features2d.so.413",
            "opencv/libopencv_calib3d.so.413",
            "opencv/libopencv_dnn.so.413",
            "opencv/libopencv_video.so.413",
            "opencv/libjniopencv_core.so",
            "opencv/libjniopencv_imgproc.so",
            "opencv/libjniopencv_imgcodecs.so",
            "opencv/libjniopencv_calib3d.so",
            "opencv/libjniopencv_video.so");

    private OpenCvLibraries() {}

    /**
     * Loads the libraries from a folder of this version inside {@code folder}, unpacking them there the first time; several
     * processes may do so at once. Must come before any other use of this package, or has no effect. Where the system is
     * not Linux it has none either, and JavaCPP finds its own way.
     */
    @SuppressWarnings("restricted") // loading native code is what this is for
    public static void load(Path folder) {
        if (!Loader.Detector.getPlatform().startsWith(LINUX)) {
            return;
        }
        leaveMemoryToUs();
        System.setProperty("org.bytedeco.javacpp.loadlibraries", "false");
        try {
            Path unpacked = folder.resolve(
                    "opencv-" + Loader.getVersion("org.bytedeco", "opencv") + "-" + Loader.Detector.getPlatform());
            if (!Files.isDirectory(unpacked)) {
                unpack(folder, unpacked);
            }
            for (String library : IN_ORDER) {
                Path file = unpacked.resolve(fileName(library));
                if (Files.exists(file)) {
                    System.load(file.toAbsolutePath().toString());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Left to itself, JavaCPP counts the whole process against the Java heap, so that beside a large model it would collect
     * garbage over and over and then refuse to allocate. It reads these once, before its first pointer.
     */
    static void leaveMemoryToUs() {
        System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        System.setProperty("org.bytedeco.javacpp.noPointerGC", "true");
    }

    private static void unpack(Path folder, Path unpacked) throws IOException {
        Files.createDirectories(folder);
        Path begun = Files.createTempDirectory(folder, "unpacking");
        try {
            for (String library : IN_ORDER) {
                String resource = "/org/bytedeco/" + library.replace("/", "/" + Loader.Detector.getPlatform() + "/");
                try (InputStream in = OpenCvLibraries.class.getResourceAsStream(resource)) {
                    if (in != null) {
                        Files.copy(in, begun.resolve(fileName(library)));
                    }
                }
            }
            Files.move(begun, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            if (!Files.isDirectory(unpacked)) {
                throw e;
            } // else another process was quicker
        } finally {
            delete(begun);
        }
    }

    private static String fileName(String library) {
        return library.substring(library.indexOf('/') + 1);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
