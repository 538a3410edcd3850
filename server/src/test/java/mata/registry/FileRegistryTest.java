package mata.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import mata.registry.RegisteredModel.Source;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileRegistryTest {

    private static final RegisteredModel DETR = model("facebook/detr-resnet-50", Task.DETECT);
    private static final RegisteredModel VIT = model("google/vit-base-patch16-224", Task.CLASSIFY);

    @TempDir
    Path folder;

    @Test
    void modelsAreListedInTheOrderOfTheirRegistration() {
        Registry registry = registry();

        registry.put(VIT);
        registry.put(DETR);

        assertThat(registry.list()).containsExactly(VIT, DETR);
        assertThat(registry.find(DETR.model())).contains(DETR);
        assertThat(registry.find(new ModelRef("a/b"))).isEmpty();
    }

    @Test
    void theFileIsAMapFromIdToTaskAndSource() throws IOException {
        Registry registry = registry();

        registry.put(VIT);
        registry.put(new RegisteredModel(
                new ModelRef("local/shapes"),
                Task.DETECT,
                Source.HF,
                Optional.of(Path.of("/models/shapes")),
                Map.of("dtype", "fp16")));
        registry.put(new RegisteredModel(new ModelRef("easyocr"), Task.OCR, Source.PIP, Optional.empty(), Map.of()));

        assertThat(file()).hasContent("""
                        {
                          "google/vit-base-patch16-224" : {
                            "task" : "classify",
                            "source" : "hf"
                          },
                          "local/shapes" : {
                            "task" : "detect",
                            "source" : "hf",
                            "folder" : "/models/shapes",
                            "settings" : {
                              "dtype" : "fp16"
                            }
                          },
                          "easyocr" : {
                            "task" : "ocr",
                            "source" : "pip"
                          }
                        }""");
        assertThat(registry().list()).isEqualTo(registry.list());
    }

    @Test
    void puttingAgainReplacesAndRemovingSaysWhetherItWasThere() {
        Registry registry = registry();
        registry.put(DETR);

        registry.put(model(DETR.model().id(), Task.TRACK));

        assertThat(registry.list()).containsExactly(model(DETR.model().id(), Task.TRACK));
        assertThat(registry.remove(DETR.model())).isTrue();
        assertThat(registry.remove(DETR.model())).isFalse();
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void whatAnotherRegistryChangesIsSeenAtTheNextLook() {
        Registry server = registry();
        Registry commandLine = registry();
        assertThat(server.list()).isEmpty();

        commandLine.put(DETR);
        assertThat(server.list()).containsExactly(DETR);

        commandLine.remove(DETR.model());
        assertThat(server.list()).isEmpty();
    }

    @Test
    void whatOthersWroteIntoAnEntryIsKept() throws IOException {
        Files.writeString(file(), """
                {"facebook/detr-resnet-50": {"task": "detect", "source": "hf", "note": "mine"},
                 "some/thing": {"task": "dream", "source": "hf"}}""");
        Registry registry = registry();

        registry.put(model(DETR.model().id(), Task.TRACK));

        assertThat(registry.list()).containsExactly(model(DETR.model().id(), Task.TRACK));
        assertThat(file()).content().contains("\"note\" : \"mine\"", "\"task\" : \"dream\"");
    }

    @Test
    void aDamagedFileIsKeptAsideAndWrittenAnewFromWhatIsFound() throws IOException {
        Files.writeString(file(), "{\"facebook/detr-resnet-50\": {\"task\": \"det");
        Registry registry = new FileRegistry(folder, () -> List.of(VIT));

        assertThat(registry.list()).containsExactly(VIT);

        assertThat(registry().list()).containsExactly(VIT);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(path -> path.toString().contains(".damaged-")))
                    .singleElement()
                    .satisfies(path -> assertThat(path).content().endsWith("\"det"));
        }
    }

    @Test
    void aFileThatIsNotAMapIsDamagedToo() throws IOException {
        for (String text : List.of("", "[]", "null", "{} {")) {
            Files.writeString(file(), text);

            registry().put(DETR);

            assertThat(registry().list()).as("after '%s'", text).contains(DETR);
        }
    }

    @Test
    void aFolderThatCannotBeUsedIsNamed() throws IOException {
        Files.writeString(folder.resolve("plain-file"), "");
        Registry registry = new FileRegistry(folder.resolve("plain-file"), List::of);

        assertThatThrownBy(() -> registry.put(DETR))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("plain-file");
    }

    @Test
    void manyThreadsWithRegistriesOfTheirOwnLoseNothing() throws Exception {
        Callable<Boolean> work = () -> {
            for (int i = 0; i < 10; i++) {
                registry().put(model("org/" + Thread.currentThread().threadId() + "-" + i, Task.DETECT));
            }
            return true;
        };

        try (var threads = Executors.newFixedThreadPool(4)) {
            threads.invokeAll(List.of(work, work, work, work))
                    .forEach(done -> assertThat(done.resultNow()).isTrue());
        }

        assertThat(registry().list()).hasSize(40);
    }

    @Test
    void twoProcessesThatWriteAtOnceLoseNothing() throws Exception {
        Process one = writer("one", 20);
        Process other = writer("other", 20);

        assertThat(one.waitFor()).isZero();
        assertThat(other.waitFor()).isZero();
        assertThat(registry().list())
                .map(known -> known.model().shortName())
                .containsExactlyInAnyOrderElementsOf(Stream.of("one", "other")
                        .flatMap(name -> IntStream.range(0, 20).mapToObj(i -> name + i))
                        .toList());
    }

    @Test
    void aWriterThatIsKilledLeavesEverythingItHadConfirmed() throws Exception {
        for (int round = 0; round < 3; round++) {
            Process writer = writer("round" + round + "-", Integer.MAX_VALUE);
            String confirmed = "";
            try (var lines = writer.inputReader()) {
                for (int i = 0; i < 3 + 9 * round; i++) {
                    confirmed = lines.readLine();
                }
                writer.destroyForcibly().waitFor();
            }

            assertThat(registry().find(new ModelRef(confirmed))).isPresent();
        }

        registry().put(DETR);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("model_registry.json", "model_registry.lock");
        }
    }

    private Process writer(String name, int count) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RegistryWriter.class.getName(),
                        folder.toString(),
                        name,
                        String.valueOf(count))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Another process that registers {@code org/<name>0}, {@code org/<name>1} … and prints each once it is on disk. */
    static final class RegistryWriter {
        private RegistryWriter() {}

        public static void main(String[] args) {
            Registry registry = new FileRegistry(Path.of(args[0]), List::of);
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                String id = "org/" + args[1] + i;
                registry.put(model(id, Task.DETECT));
                System.out.println(id);
            }
        }
    }

    private Registry registry() {
        return new FileRegistry(folder, List::of);
    }

    private Path file() {
        return folder.resolve("model_registry.json");
    }

    private static RegisteredModel model(String id, Task task) {
        return new RegisteredModel(new ModelRef(id), task, Source.HF, Optional.empty(), Map.of());
    }
}
