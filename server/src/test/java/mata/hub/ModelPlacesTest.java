package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import mata.registry.RegisteredModel;
import mata.registry.RegisteredModel.Source;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelPlacesTest {

    private static final ModelRef DETR = new ModelRef("facebook/detr-resnet-50");
    private static final Instant READ = Instant.parse("2026-03-05T14:22:01Z");

    @TempDir
    Path folder;

    private ModelPlaces places;

    @BeforeEach
    void prepare() {
        places = new ModelPlaces(new HubCache(folder.resolve("hub")), folder.resolve("starters"));
    }

    @Test
    void aCachedModelCountsEachBlobOnceThroughAllOfItsRevisions() throws IOException {
        Path repository = folder.resolve("hub/models--facebook--detr-resnet-50");
        Path blobs = Files.createDirectories(repository.resolve("blobs"));
        file(blobs.resolve("aaa"), 1000, READ.minusSeconds(60));
        file(blobs.resolve("bbb"), 500, READ);
        file(blobs.resolve("ccc.incomplete"), 7, READ.plusSeconds(60));
        for (String commit : new String[] {"one", "two"}) {
            Path snapshot =
                    Files.createDirectories(repository.resolve("snapshots").resolve(commit));
            Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/aaa"));
        }
        Files.createSymbolicLink(repository.resolve("snapshots/two/model.onnx"), Path.of("../../blobs/bbb"));
        Files.createDirectories(repository.resolve("refs"));
        file(repository.resolve("refs/main"), "two", READ);

        assertThat(places.bytes(registered(Optional.empty()))).hasValue(1500);
        assertThat(places.lastAccessed(registered(Optional.empty()))).contains(READ);
    }

    @Test
    void aLocalFolderCountsItsOwnFiles() throws IOException {
        Path model = folder.resolve("model");
        Files.createDirectories(model.resolve("onnx"));
        file(model.resolve("config.json"), 10, READ.minusSeconds(5));
        file(model.resolve("onnx/model.onnx"), 90, READ);

        assertThat(places.bytes(registered(Optional.of(model)))).hasValue(100);
        assertThat(places.lastAccessed(registered(Optional.of(model)))).contains(READ);
    }

    @Test
    void whatIsNowhereHasNoSizeAndNoFolder() {
        var pip = new RegisteredModel(new ModelRef("easyocr"), Task.OCR, Source.PIP, Optional.empty(), Map.of());

        for (RegisteredModel model :
                new RegisteredModel[] {pip, registered(Optional.empty()), registered(Optional.of(folder.resolve("x")))
                }) {
            assertThat(places.folder(model)).isEmpty();
            assertThat(places.bytes(model)).isEmpty();
            assertThat(places.lastAccessed(model)).isEmpty();
        }
    }

    @Test
    void aNameCannotLeadOutOfTheCache() throws IOException {
        Files.createDirectories(folder.resolve("hub/models--facebook--detr-resnet-50/snapshots"));
        Files.writeString(folder.resolve("hub/outside"), "../..");

        assertThat(places.cache().snapshot(DETR, "../../outside")).isEmpty();
        assertThat(places.cache().snapshot(DETR, "..")).isEmpty();
        assertThat(places.cache().snapshot(DETR, ".")).isEmpty();
    }

    @Test
    void theCacheListsTheModelsItHas() throws IOException {
        Files.createDirectories(folder.resolve("hub/models--facebook--detr-resnet-50"));
        Files.createDirectories(folder.resolve("hub/datasets--acme--x"));
        Files.createDirectories(folder.resolve("hub/models--a--b"));

        assertThat(places.cache().models()).containsExactly(new ModelRef("a/b"), DETR);
        assertThat(new HubCache(folder.resolve("absent")).models()).isEmpty();
    }

    @Test
    void theStarterModelsAreListedByName() throws IOException {
        Files.createDirectories(folder.resolve("starters/google/movenet-lightning/onnx"));
        Files.createDirectories(folder.resolve("starters/google/selfie-segmentation"));
        Files.createFile(folder.resolve("starters/LICENSE"));

        assertThat(places.starterModels())
                .containsExactly(new ModelRef("google/movenet-lightning"), new ModelRef("google/selfie-segmentation"));
    }

    private static RegisteredModel registered(Optional<Path> modelFolder) {
        return new RegisteredModel(DETR, Task.DETECT, Source.HF, modelFolder, Map.of());
    }

    private static void file(Path path, int size, Instant read) throws IOException {
        file(path, "x".repeat(size), read);
    }

    private static void file(Path path, String text, Instant read) throws IOException {
        Files.writeString(path, text);
        Files.getFileAttributeView(path, BasicFileAttributeView.class)
                .setTimes(FileTime.from(read), FileTime.from(read), null);
    }
}
