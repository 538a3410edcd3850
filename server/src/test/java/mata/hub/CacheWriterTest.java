package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import mata.task.ModelRef;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be shown side by side with the Python tools on this system: {@link PythonCacheTest} shows the rest. */
final class CacheWriterTest {

    private static final String COMMIT = "a".repeat(40);
    private static final String OTHER = "b".repeat(40);

    @TempDir
    private Path folder;

    private CacheWriter linkless;

    @BeforeEach
    void openTheCache() throws IOException {
        linkless = new CacheWriter(folder, new ModelRef("acme/eye"), (link, target) -> {
            throw new FileSystemException(link.toString(), null, "A required privilege is not held by the client");
        });
        linkless.prepare(COMMIT);
    }

    private static RepoFile file(String path, long size) {
        return new RepoFile(path, size, "e1", Optional.empty(), Optional.empty());
    }

    @Test
    void withoutLinksAFreshBlobBecomesTheFile() throws Exception {
        Files.writeString(linkless.blob("e1"), "weights");

        linkless.link("e1", COMMIT, "onnx/model.onnx", true);

        assertThat(linkless.snapshot(COMMIT).resolve("onnx/model.onnx"))
                .hasContent("weights")
                .isRegularFile();
        assertThat(linkless.blob("e1")).doesNotExist();
        assertThat(linkless.has(COMMIT, file("onnx/model.onnx", 7))).isTrue();
        assertThat(linkless.has(COMMIT, file("onnx/model.onnx", 8))).isFalse();
    }

    @Test
    void withoutLinksABlobThatOthersMayUseIsCopied() throws Exception {
        Files.writeString(linkless.blob("e1"), "weights");

        linkless.link("e1", COMMIT, "model.onnx", false);

        assertThat(linkless.snapshot(COMMIT).resolve("model.onnx")).hasContent("weights");
        assertThat(linkless.blob("e1")).exists();
    }

    @Test
    void aBrokenLinkOfEarlierDaysIsReplaced() throws Exception {
        CacheWriter cache = new CacheWriter(folder, new ModelRef("acme/eye"));
        Path link = cache.snapshot(COMMIT).resolve("model.onnx");
        Files.createSymbolicLink(link, Path.of("../../blobs/gone"));
        assertThat(cache.has(COMMIT, file("model.onnx", 7))).isFalse();
        Files.writeString(cache.blob("e1"), "weights");

        cache.link("e1", COMMIT, "model.onnx", true);

        assertThat(Files.readSymbolicLink(link)).hasToString("../../blobs/e1");
    }

    @Test
    void aRevisionMovesToANewCommitAndACommitNeedsNone() throws Exception {
        linkless.refer("main", COMMIT);
        linkless.refer("main", OTHER);
        linkless.refer(OTHER, OTHER);

        try (var refs = Files.list(folder.resolve("models--acme--eye/refs"))) {
            assertThat(refs).singleElement().satisfies(ref -> assertThat(ref).hasContent(OTHER));
        }
    }
}
