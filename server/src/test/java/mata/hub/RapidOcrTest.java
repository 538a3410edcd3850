package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mata.folder.NumberFormat;
import mata.task.Task;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RapidOcrTest {

    /** The same model as {@code tools/fetch-models}, a Python program, takes it out of the same package. */
    private static final Path REFERENCE = Path.of("..", ".models", "rapidai", "ppocr-v4-mobile");

    @TempDir
    private Path folder;

    private static void zip(Path file, Map<String, Path> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, Path> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                Files.copy(entry.getValue(), zip);
            }
        }
    }

    private static Map<String, String> hashes(Path folder) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (var in = Files.newInputStream(file)) {
                    hashes.put(folder.relativize(file).toString(), Checksum.sha256(in));
                }
            }
        }
        return hashes;
    }

    @Test
    void thePackagesGraphsBecomeAModelFolderThatWeCanServe() throws Exception {
        if (!"true".equals(System.getenv("CI"))) {
            Assumptions.assumeTrue(Files.exists(REFERENCE), "tools/fetch-models has not run");
        }
        Path wheel = folder.resolve("rapidocr_onnxruntime-1.4.4-py3-none-any.whl");
        zip(
                wheel,
                Map.of(
                        "rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx", REFERENCE.resolve("onnx/det.onnx"),
                        "rapidocr_onnxruntime/models/ch_PP-OCRv4_rec_infer.onnx", REFERENCE.resolve("onnx/rec.onnx"),
                        "rapidocr_onnxruntime/models/ch_ppocr_mobile_v2.0_cls_infer.onnx",
                                REFERENCE.resolve("onnx/cls.onnx")));
        Path model = folder.resolve("model");

        RapidOcr.unpack(wheel, model);

        assertThat(hashes(model)).isEqualTo(hashes(REFERENCE));
        Servable.check(model, NumberFormat.FP32, Task.OCR);
    }
}
