package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import mata.folder.NumberFormat;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.FileRegistry;
import mata.registry.RegisteredModel;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model leaves one machine as a file and arrives on another: two homes here. */
final class ModelArchiveTest {

    private static final Path VIT = Path.of("src/test/resources/fixtures/classify/vit/model");

    @TempDir
    private Path folder;

    private Machine here;
    private Machine there;
    private Path file;

    /** What one machine has. */
    private record Machine(Path home, FileRegistry registry, ModelPlaces places) {

        static Machine in(Path home) {
            return new Machine(
                    home,
                    new FileRegistry(home.resolve("data"), List::of),
                    new ModelPlaces(new HubCache(home.resolve("hub")), home.resolve("starters")));
        }

        ModelArchive archive(long room) {
            return new ModelArchive(registry, places, home.resolve("data"), path -> room);
        }

        ModelArchive archive() {
            return archive(Long.MAX_VALUE);
        }
    }

    @BeforeEach
    void makeMachines() {
        here = Machine.in(folder.resolve("here"));
        there = Machine.in(folder.resolve("there"));
        file = folder.resolve("model.mata");
    }

    private RegisteredModel pulledFromTheHub() throws Exception {
        try (LocalHub hub = new LocalHub();
                HubPull pull = new HubPull(
                        HubAccess.to(hub.putFolder("acme/vit", VIT).endpoint()),
                        here.home().resolve("hub"),
                        here.registry(),
                        new Twins(folder.resolve("none")),
                        NativeFamilies.NONE,
                        new HubPull.Policy(NumberFormat.FP32, false))) {
            return pull.pull(new PullRequest("acme/vit", Task.CLASSIFY), PullProgress.NONE);
        }
    }

    private RegisteredModel registeredFolder() {
        RegisteredModel model = new RegisteredModel(
                new ModelRef("local/vit"),
                Task.CLASSIFY,
                RegisteredModel.Source.HF,
                Optional.of(VIT.toAbsolutePath()),
                Map.of());
        here.registry().put(model);
        return model;
    }

    private static Map<String, String> everything(Path folder) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.filter(each -> !Files.isDirectory(each)).toList()) {
                String name = folder.relativize(path).toString();
                entries.put(
                        name,
                        Files.isSymbolicLink(path)
                                ? "-> " + Files.readSymbolicLink(path)
                                : Checksum.sha256(Files.newInputStream(path)));
            }
        }
        return entries;
    }

    @Test
    void aModelOfTheHubArrivesInTheOtherCacheAsItIsInThisOne() throws Exception {
        RegisteredModel model = pulledFromTheHub();

        here.archive().write(model.model(), file, PullProgress.NONE);
        RegisteredModel arrived = there.archive().read(file, PullProgress.NONE);

        assertThat(arrived).isEqualTo(model);
        assertThat(there.registry().list()).containsExactly(model);
        Map<String, String> expected = everything(here.home().resolve("hub/models--acme--vit"));
        expected.keySet().removeIf(name -> name.startsWith("trees/"));
        assertThat(everything(there.home().resolve("hub/models--acme--vit"))).isEqualTo(expected);
        assertThat(there.places().folder(arrived)).isPresent();
    }

    @Test
    void aFolderArrivesAsAFolderBelowTheDataFolder() throws Exception {
        RegisteredModel model = registeredFolder();

        here.archive().write(model.model(), file, PullProgress.NONE);
        there.archive().read(file, PullProgress.NONE);
        RegisteredModel again = there.archive().read(file, PullProgress.NONE);

        Path home = there.home().resolve("data/models/local/vit");
        assertThat(again.folder()).contains(home.toAbsolutePath());
        assertThat(everything(home)).isEqualTo(everything(VIT));
        try (var left = Files.list(there.home().resolve("data/models"))) {
            assertThat(left).containsExactly(home.getParent());
        }
    }

    @Test
    void theFileIsAnOrdinaryZipWithAListOfHashes() throws Exception {
        here.archive().write(registeredFolder().model(), file, PullProgress.NONE);

        try (ZipFile zip = new ZipFile(file.toFile())) {
            String list =
                    new String(zip.getInputStream(zip.getEntry("model.json")).readAllBytes(), StandardCharsets.UTF_8);
            String sha256 = Checksum.sha256(Files.newInputStream(VIT.resolve("onnx/model.onnx")));
            assertThat(list).contains("\"model\" : \"local/vit\"", "\"onnx/model.onnx\"", sha256);
        }
    }

    @Test
    void aDamagedFileImportsNothing() throws Exception {
        here.archive().write(registeredFolder().model(), file, PullProgress.NONE);
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
            damaged.seek(damaged.length() / 2);
            damaged.write(damaged.read() ^ 1);
        }

        assertImportsNothing(file, "model.mata");
    }

    @Test
    void aFileThatIsCutOffOrSomethingElseImportsNothing() throws Exception {
        here.archive().write(registeredFolder().model(), file, PullProgress.NONE);
        try (RandomAccessFile cut = new RandomAccessFile(file.toFile(), "rw")) {
            cut.setLength(cut.length() - 1000);
        }
        assertImportsNothing(file, "is no file that 'export' wrote");

        Path other = folder.resolve("other.zip");
        makeZip(other, Map.of("readme", "hello"));
        assertImportsNothing(other, "has no model.json");
        assertImportsNothing(folder.resolve("none"), "there is no file");
    }

    @Test
    void aListThatLeavesTheFolderOrNamesWhatCannotBeIsRefused() throws Exception {
        for (String bad : List.of(
                list("../../evil", "acme/vit", "1"),
                list("a.onnx", "../acme", "1"),
                list("a.onnx", "acme/vit", "2"),
                "[1]")) {
            Path other = folder.resolve("bad.zip");
            makeZip(other, Map.of("model.json", bad));
            assertImportsNothing(other, "bad.zip");
        }
    }

    private static String list(String path, String model, String format) {
        return """
                {"format":%s,"model":"%s","task":"classify","source":"hf","settings":{},
                 "files":[{"path":"%s","size":1,"sha256":"00"}]}
                """.formatted(format, model, path);
    }

    @Test
    void withoutRoomNothingIsUnpacked() throws Exception {
        here.archive().write(registeredFolder().model(), file, PullProgress.NONE);

        assertThatThrownBy(() -> there.archive(1000).read(file, PullProgress.NONE))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("no room for 'local/vit': 1 MB to unpack");
        assertThat(there.registry().list()).isEmpty();
    }

    @Test
    void aBackendOfPythonHasNothingToExport() {
        here.registry()
                .put(new RegisteredModel(
                        new ModelRef("easyocr"), Task.OCR, RegisteredModel.Source.PIP, Optional.empty(), Map.of()));

        assertThatThrownBy(() -> here.archive().write(new ModelRef("easyocr"), file, PullProgress.NONE))
                .hasMessageContaining("'easyocr' has no files of its own to export")
                .hasMessageContaining("pip download");
        assertThatThrownBy(() -> here.archive().write(new ModelRef("acme/none"), file, PullProgress.NONE))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.Missing.class));
        assertThat(file).doesNotExist();
    }

    private void assertImportsNothing(Path bad, String words) throws IOException {
        assertThatThrownBy(() -> there.archive().read(bad, PullProgress.NONE))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageContaining(words);
        assertThat(there.registry().list()).isEmpty();
        Path models = there.home().resolve("data/models");
        if (Files.exists(models)) {
            try (var left = Files.list(models)) {
                assertThat(left).isEmpty();
            }
        }
    }

    private static void makeZip(Path file, Map<String, String> entries) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
