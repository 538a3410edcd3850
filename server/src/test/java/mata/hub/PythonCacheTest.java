package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import mata.task.ModelRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One cache, two programs: {@code huggingface_hub} of PyPI and ours, each using what the other brought. */
final class PythonCacheTest {

    private static final ModelRef MODEL = new ModelRef("acme/eye");
    private static final String PULL_ALL = "hf.snapshot_download('acme/eye')";

    @TempDir
    private Path home;

    @TempDir
    private Path elsewhere;

    private final Content weights = Content.random(300_000, 3);
    private LocalHub hub;
    private HubClient client;
    private PythonTools python;

    @BeforeEach
    void openTheHub() throws IOException {
        hub = new LocalHub();
        hub.put("acme/eye", "config.json", "{\"model_type\":\"vit\"}")
                .put("acme/eye", "sub folder/labels é.txt", "cat\ndog\n")
                .put("acme/eye", "onnx/model.onnx", weights);
        client = new HubClient(HubAccess.to(hub.endpoint()));
        python = new PythonTools(home, hub);
    }

    @AfterEach
    void closeTheHub() {
        client.close();
        hub.close();
    }

    private Path pull(Path cache, String revision) throws InterruptedException, IOException {
        RepoListing listing = client.list(MODEL, revision);
        CacheWriter writer = new CacheWriter(cache, MODEL);
        HubFaults faults = new HubFaults(HubAccess.to(hub.endpoint()), MODEL, revision);
        new Download(client, faults, writer, listing, Download.FreeSpace.REAL, 64 << 10)
                .bring(listing.files(), PullProgress.NONE);
        writer.rememberTree(listing);
        writer.refer(revision, listing.commit());
        return writer.snapshot(listing.commit());
    }

    /** Every file and link below a folder, with its content or target. */
    private static Map<String, String> everything(Path folder) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (var paths = Files.walk(folder)) {
            for (Path path : paths.toList()) {
                String name = folder.relativize(path).toString();
                if (Files.isSymbolicLink(path)) {
                    entries.put(name, "-> " + Files.readSymbolicLink(path));
                } else if (Files.isDirectory(path)) {
                    entries.put(name, "folder");
                } else {
                    entries.put(name, Files.size(path) > 5000 ? hash(path) : Files.readString(path));
                }
            }
        }
        return entries;
    }

    private static String hash(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Checksum.sha256(in);
        }
    }

    @Test
    void ourCacheEqualsTheirsByteForByte() throws Exception {
        hub.tag("acme/eye", "refs/pr/1");
        python.run(PULL_ALL + "\nhf.snapshot_download('acme/eye', revision='refs/pr/1')");

        pull(elsewhere, "main");
        pull(elsewhere, "refs/pr/1");

        assertThat(everything(elsewhere)).isEqualTo(everything(python.cache()));
    }

    @Test
    void theyUseWhatWeBrought() throws Exception {
        Path snapshot = pull(python.cache(), "main");
        hub.forget();

        assertThat(python.run("print(" + PULL_ALL + ")")).isEqualTo(snapshot.toString());
        assertThat(python.run("print(hf.snapshot_download('acme/eye', local_files_only=True))"))
                .isEqualTo(snapshot.toString());
        assertThat(python.run(
                        "info = hf.scan_cache_dir()\nprint(len(info.warnings), *[r.repo_id for r in info.repos])"))
                .isEqualTo("0 acme/eye");
        assertThat(hub.served()).isZero();
    }

    @Test
    void weUseWhatTheyBrought() throws Exception {
        String theirs = python.run("print(" + PULL_ALL + ")");
        hub.forget();

        assertThat(pull(python.cache(), "main")).hasToString(theirs);
        assertThat(hub.served()).isZero();
    }

    @Test
    void whileTheyDownloadAFileWeWaitForItAndDoNotFetchItTwice() throws Exception {
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.StallAfter(1000));
        Process theirs = python.start("hf.hf_hub_download('acme/eye', 'onnx/model.onnx')");
        while (hub.served() < 1000) {
            assertThat(theirs.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        Thread release = Thread.ofVirtual().start(() -> {
            while (hub.asked().stream()
                            .filter(asked -> asked.path().endsWith("model.onnx")
                                    && asked.method().equals("HEAD"))
                            .count()
                    < 2) {
                Thread.onSpinWait();
            }
            hub.release();
        });

        Path snapshot = pull(python.cache(), "main");
        release.join();

        assertThat(theirs.waitFor()).isZero();
        assertThat(snapshot.resolve("onnx/model.onnx")).hasBinaryContent(weights.all());
        assertThat(hub.asked())
                .filteredOn(asked -> asked.server().equals("store"))
                .hasSize(1);
    }

    @Test
    void whatTheyLeftWhenKilledDisturbsNothing() throws Exception {
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.StallAfter(1000));
        Process theirs = python.start("hf.hf_hub_download('acme/eye', 'onnx/model.onnx')");
        while (hub.served() < 1000) {
            Thread.onSpinWait();
        }
        theirs.destroyForcibly().waitFor();

        Path snapshot = pull(python.cache(), "main");

        assertThat(snapshot.resolve("onnx/model.onnx")).hasBinaryContent(weights.all());
    }
}
