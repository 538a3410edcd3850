package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.FileRegistry;
import mata.registry.RegisteredModel;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real pip, which finds small packages of ours in a folder instead of an index. */
final class PipPullTest {

    @TempDir
    private Path folder;

    private final List<String> warnings = new ArrayList<>();
    private FileRegistry registry;
    private Path packages;

    @BeforeEach
    void makeFolders() throws IOException {
        registry = new FileRegistry(folder.resolve("data"), List::of);
        packages = Files.createDirectories(folder.resolve("packages"));
    }

    /** Pip sees our folder only, and installs beside the test's environment rather than into it. */
    private Map<String, String> shutIn(Map<String, String> more) {
        Map<String, String> environment = new LinkedHashMap<>(Map.of(
                "PIP_NO_INDEX", "1",
                "PIP_FIND_LINKS", packages.toString(),
                "PIP_CONFIG_FILE", "/dev/null"));
        environment.putAll(more);
        return environment;
    }

    private Map<String, String> besideTheTests() {
        String target = folder.resolve("site").toString();
        return shutIn(Map.of("PIP_TARGET", target, "PYTHONPATH", target, "PATH", "/nowhere"));
    }

    private PipPull pip(boolean offline) {
        return new PipPull(
                registry,
                folder.resolve("data"),
                Optional.of(PythonTools.environment()),
                offline,
                "python3",
                besideTheTests());
    }

    private RegisteredModel pull(PipPull pip, String backend) throws InterruptedException {
        return pip.pull(new PullRequest(backend, Task.OCR), new PullProgress() {
            @Override
            public void report(String status, String file, long completed, long total) {}

            @Override
            public void warn(String message) {
                warnings.add(message);
            }
        });
    }

    private void makePackage(String name, String module) throws IOException {
        String info = name + "-1.0.dist-info/";
        makeZip(
                packages.resolve(name + "-1.0-py3-none-any.whl"),
                Map.of(
                        module + "/__init__.py",
                        "",
                        info + "METADATA",
                        "Metadata-Version: 2.1\nName: " + name + "\nVersion: 1.0\n",
                        info + "WHEEL",
                        "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
                        info + "RECORD",
                        module + "/__init__.py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info
                                + "RECORD,,\n"));
    }

    private static void makeZip(Path file, Map<String, String> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @Test
    void aBackendIsInstalledIntoTheActiveEnvironmentAndRegistered() throws Exception {
        makePackage("easyocr", "easyocr");

        RegisteredModel model = pull(pip(false), "easyocr");

        assertThat(folder.resolve("site/easyocr/__init__.py")).exists();
        assertThat(model)
                .isEqualTo(new RegisteredModel(
                        new ModelRef("easyocr"),
                        Task.OCR,
                        RegisteredModel.Source.PIP,
                        Optional.empty(),
                        Map.of(
                                "python",
                                PythonTools.environment().resolve("bin/python").toString())));
        assertThat(registry.list()).containsExactly(model);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aBackendThatIsThereNeedsNoNetwork() throws Exception {
        Files.createDirectories(folder.resolve("site/easyocr"));
        Files.createFile(folder.resolve("site/easyocr/__init__.py"));

        assertThat(pull(pip(true), "easyocr").model()).isEqualTo(new ModelRef("easyocr"));
        assertThatThrownBy(() -> pull(pip(true), "paddleocr"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("'paddleocr' is not installed")
                .hasMessageContaining("MATA_SERVER_OFFLINE");
    }

    @Test
    void aMissingProgramOfTheSystemIsAWarning() throws Exception {
        makePackage("pytesseract", "pytesseract");

        RegisteredModel model = pull(pip(false), "tesseract");

        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("'tesseract' is not on PATH", "apt-get install -y tesseract-ocr");
        assertThat(registry.list()).containsExactly(model);
    }

    @Test
    void whatPipCannotFindFailsThePullAndRegistersNothing() {
        assertThatThrownBy(() -> pull(pip(false), "paddleocr"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageContaining("cannot install paddlepaddle and paddleocr: pip says:")
                .hasMessageContaining("No matching distribution found for paddlepaddle");

        assertThat(registry.list()).isEmpty();
    }

    @Test
    void anotherTaskThanOcrIsAMismatch() {
        assertThatThrownBy(() -> pip(false).pull(new PullRequest("easyocr", Task.DETECT), PullProgress.NONE))
                .hasMessage("task mismatch: asked for detect, but easyocr can do: ocr");
    }

    @Test
    void withoutPythonTheMessageSaysWhatToInstall() {
        PipPull pip =
                new PipPull(registry, folder.resolve("data"), Optional.empty(), false, folder + "/no-python", Map.of());

        assertThatThrownBy(() -> pull(pip, "easyocr"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("there is no Python")
                .hasMessageContaining("python3-venv");
    }

    @Test
    void aPythonOfThePackageManagerIsLeftAloneForAnEnvironmentOfOurOwn() throws Exception {
        makePackage("easyocr", "easyocr");
        // Answers the question of PEP 668 as Debian's Python does, and is the real one otherwise.
        Path managed = folder.resolve("python3");
        Files.writeString(managed, """
                #!/bin/sh
                case "$2" in *EXTERNALLY-MANAGED*) exit 3 ;; esac
                exec '%s' "$@"
                """.formatted(PythonTools.environment().resolve("bin/python")));
        managed.toFile().setExecutable(true);
        PipPull pip = new PipPull(
                registry, folder.resolve("data"), Optional.empty(), false, managed.toString(), shutIn(Map.of()));

        RegisteredModel model = pull(pip, "easyocr");

        assertThat(warnings).singleElement().asString().contains("an environment of our own", "data/python");
        assertThat(model.settings())
                .isEqualTo(Map.of(
                        "python", folder.resolve("data/python/bin/python").toString()));
        assertThat(new Python(folder.resolve("data/python/bin/python").toString(), Map.of()).has("easyocr"))
                .isTrue();
    }

    @Test
    void aRapidOcrPackageOfOtherContentIsRefused() throws Exception {
        makeZip(
                packages.resolve("rapidocr_onnxruntime-1.4.4-py3-none-any.whl"),
                Map.of("rapidocr_onnxruntime/models/ch_PP-OCRv4_det_infer.onnx", "evil"));

        assertThatThrownBy(() -> pull(pip(false), "rapidocr"))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("cannot fetch rapidocr-onnxruntime==1.4.4")
                .hasMessageContaining("HASHES");

        assertThat(registry.list()).isEmpty();
        try (var left = Files.list(folder.resolve("data/models"))) {
            assertThat(left).isEmpty();
        }
    }
}
