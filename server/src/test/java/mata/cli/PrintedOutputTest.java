package mata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import mata.registry.RegisteredModel;
import mata.registry.RegisteredModel.Source;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the reference page prints, to the letter; column widths and ruler are those of spec/vision-api.md section 6. */
final class PrintedOutputTest {

    @TempDir
    Path folder;

    private Terminal terminal;

    @BeforeEach
    void prepare() {
        terminal = new Terminal(folder);
    }

    @Test
    void listShowsATable() throws IOException {
        cached("facebook/detr-resnet-50", 167_300_000);
        cached("google/vit-base-patch16-224", 327_500_000);
        register("facebook/detr-resnet-50", Task.DETECT, Source.HF);
        register("google/vit-base-patch16-224", Task.CLASSIFY, Source.HF);
        register("easyocr", Task.OCR, Source.PIP);
        register("tesseract", Task.OCR, Source.PIP);

        assertThat(terminal.run("list")).isEqualTo(new Terminal.Ran(0, """
                        MODEL                               TASK       SOURCE SIZE (MB)
                        --------------------------------------------------------------
                        facebook/detr-resnet-50             detect     hf        167.3
                        google/vit-base-patch16-224         classify   hf        327.5
                        easyocr                             ocr        pip           —
                        tesseract                           ocr        pip           —
                        """, ""));
        assertThat(terminal.run("ls")).isEqualTo(terminal.run("list"));
    }

    @Test
    void aLongIdWidensTheFirstColumn() {
        register("an-organisation/a-model-with-a-rather-long-name", Task.DETECT, Source.HF);

        assertThat(terminal.run("list").out()).isEqualTo("""
                MODEL                                           TASK       SOURCE SIZE (MB)
                --------------------------------------------------------------------------
                an-organisation/a-model-with-a-rather-long-name detect     hf            —
                """);
    }

    @Test
    void listOfNothingSaysSo() {
        assertThat(terminal.run("list")).isEqualTo(new Terminal.Ran(0, "No models registered.\n", ""));
    }

    @Test
    void showOfAHubModel() throws IOException {
        cached("facebook/detr-resnet-50", 167_300_000);
        register("facebook/detr-resnet-50", Task.DETECT, Source.HF);

        assertThat(terminal.run("show", "facebook/detr-resnet-50")).isEqualTo(new Terminal.Ran(0, """
                        model: facebook/detr-resnet-50
                        task: detect
                        source: hf
                        size: 167.30 MB
                        last_accessed: 2026-03-05 14:22:01
                        """, ""));
    }

    @Test
    void showOfAPipBackend() {
        register("easyocr", Task.OCR, Source.PIP);

        assertThat(terminal.withProbe(command -> command.getFirst().equals("python3")
                                && command.getLast().contains("'easyocr'"))
                        .run("show", "easyocr"))
                .isEqualTo(new Terminal.Ran(0, """
                        model: easyocr
                        task: ocr
                        source: pip
                        size: —
                        last_accessed: —
                        pip_packages: easyocr
                        installed: yes
                        """, ""));
        assertThat(terminal.withProbe(_ -> false).run("show", "easyocr").out()).endsWith("installed: no\n");
    }

    @Test
    void showOfTesseractLooksForItsBinary() {
        register("tesseract", Task.OCR, Source.PIP);

        assertThat(terminal.withProbe(_ -> true).run("show", "tesseract").out()).isEqualTo("""
                model: tesseract
                task: ocr
                source: pip
                size: —
                last_accessed: —
                pip_packages: pytesseract
                installed: yes
                system_binary: tesseract (yes)
                """);
    }

    @Test
    void rmOfAHubModel() {
        register("facebook/detr-resnet-50", Task.DETECT, Source.HF);

        assertThat(terminal.run("rm", "facebook/detr-resnet-50")).isEqualTo(new Terminal.Ran(0, """
                        Removed 'facebook/detr-resnet-50' from the registry.
                        Note: model weights on disk (HF cache) were not deleted.
                        """, ""));
        assertThat(terminal.registry().list()).isEmpty();
    }

    @Test
    void rmOfAPipBackend() {
        register("easyocr", Task.OCR, Source.PIP);

        assertThat(terminal.run("rm", "easyocr").out()).isEqualTo("""
                Removed 'easyocr' from the registry.
                Note: pip packages were not uninstalled. Remove manually if needed.
                """);
    }

    @Test
    void pullEndsWithWhatWasPulled() {
        assertThat(terminal.run("pull", "google/movenet-lightning", "--task=pose"))
                .isEqualTo(new Terminal.Ran(0, "Pulled 'google/movenet-lightning' (task: pose, source: hf).\n", ""));
        assertThat(terminal.registry().list())
                .map(model -> model.model().id())
                .containsExactly("google/movenet-lightning");
        assertThat(terminal.run("pull", "google/movenet-lightning", "--task", "detect"))
                .isEqualTo(new Terminal.Ran(
                        1, "", "error: task mismatch: asked for detect, but this model (movenet) can do: pose\n"));
    }

    @Test
    void pullWithoutARealTaskIsAnArgumentError() {
        assertThat(terminal.run("pull", "google/movenet-lightning"))
                .isEqualTo(new Terminal.Ran(
                        2, "", "error: Missing required option: '--task=TASK' (see mataserver pull --help)\n"));
        assertThat(terminal.run("pull", "google/movenet-lightning", "--task", "dance"))
                .isEqualTo(new Terminal.Ran(
                        2,
                        "",
                        "error: Invalid value for option '--task': expected one of classify, depth, detect, ocr, pose,"
                                + " segment, track, vlm, got 'dance' (see mataserver pull --help)\n"));
    }

    @Test
    void unknownModelsEndWithOneLineAndExitCodeOne() {
        for (String command : new String[] {"show", "rm"}) {
            assertThat(terminal.run(command, "facebook/detr-resnet-50"))
                    .isEqualTo(new Terminal.Ran(1, "", "error: Model not found: facebook/detr-resnet-50\n"));
        }
    }

    @Test
    void versionIsTheSameThreeWays() {
        var version = new Terminal.Ran(0, "mataserver 0.6.0\n", "");

        assertThat(terminal.run("version")).isEqualTo(version);
        assertThat(terminal.run("-v")).isEqualTo(version);
        assertThat(terminal.run("--version")).isEqualTo(version);
    }

    @Test
    void withoutWordsHelpIsPrinted() {
        Terminal.Ran ran = terminal.run();

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .startsWith("Usage: mataserver [--version] <COMMAND> [options]\n")
                .contains("  pull ", "  list, ls ", "  show ", "  rm ", "  load, warmup ", "  stop ", "  version ");
        assertThat(terminal.run("--help")).isEqualTo(ran);
    }

    @Test
    void everyCommandHasHelp() {
        for (String command :
                new Commands(terminal.surroundings()).parser().getSubcommands().keySet()) {
            Terminal.Ran ran = terminal.run(command, "--help");

            assertThat(ran.exitCode()).as(command).isZero();
            assertThat(ran.out()).as(command).startsWith("Usage: mataserver ");
        }
    }

    @Test
    void wordsThatMakeNoSenseEndWithExitCodeTwo() {
        assertThat(terminal.run("lsit"))
                .isEqualTo(new Terminal.Ran(
                        2, "", "error: unknown command 'lsit'; did you mean list? (see mataserver --help)\n"));
        assertThat(terminal.run("show"))
                .isEqualTo(new Terminal.Ran(
                        2, "", "error: Missing required parameter: 'MODEL_ID' (see mataserver show --help)\n"));
        assertThat(terminal.run("list", "--sort"))
                .isEqualTo(new Terminal.Ran(2, "", "error: Unknown option: '--sort' (see mataserver list --help)\n"));
    }

    @Test
    void brokenSettingsAreOneLineAndDoNotTouchVersion() {
        terminal.with("MATA_SERVER_PROT", "80");

        assertThat(terminal.run("list"))
                .isEqualTo(new Terminal.Ran(
                        1, "", "error: settings: MATA_SERVER_PROT: unknown setting; did you mean MATA_SERVER_PORT?\n"));
        assertThat(terminal.run("version").exitCode()).isZero();
    }

    @Test
    void theCompletionScriptKnowsTheCommands() {
        assertThat(terminal.run("completion").out())
                .startsWith("#!/usr/bin/env bash")
                .contains("warmup", "--api-key");
    }

    private void register(String id, Task task, Source source) {
        terminal.registry().put(new RegisteredModel(new ModelRef(id), task, source, Optional.empty(), Map.of()));
    }

    /** A model in the hub's cache, of so many bytes (none of them written), last read when the page says. */
    private void cached(String id, long bytes) throws IOException {
        Path repository = folder.resolve("hub/models--" + id.replace("/", "--"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), "abc");
        Path file = Files.createDirectories(repository.resolve("snapshots/abc")).resolve("model.onnx");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(bytes);
        }
        FileTime read = FileTime.from(LocalDateTime.parse("2026-03-05T14:22:01")
                .atZone(ZoneId.systemDefault())
                .toInstant());
        Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(read, read, null);
    }
}
