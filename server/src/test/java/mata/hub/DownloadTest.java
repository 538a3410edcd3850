package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import mata.problem.Rejected;
import mata.task.ModelRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DownloadTest {

    private static final ModelRef MODEL = new ModelRef("acme/eye");
    private static final int RANGE = 64 << 10;
    private static final Content WEIGHTS = Content.random(1_000_001, 7);

    @TempDir
    private Path cache;

    private final List<Duration> pauses = new ArrayList<>();
    private LocalHub hub;
    private HubClient client;

    @BeforeEach
    void openTheHub() throws IOException {
        hub = new LocalHub();
        hub.put("acme/eye", "config.json", "{\"model_type\":\"vit\"}").put("acme/eye", "onnx/model.onnx", WEIGHTS);
        client = new HubClient(
                HubAccess.to(hub.endpoint()),
                new HubClient.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofMillis(200)),
                pauses::add);
    }

    @AfterEach
    void closeTheHub() {
        client.close();
        hub.close();
    }

    private Path pull(PullProgress progress, Download.FreeSpace space) throws InterruptedException {
        RepoListing listing = client.list(MODEL, "main");
        CacheWriter writer = new CacheWriter(cache, MODEL);
        HubFaults faults = new HubFaults(HubAccess.to(hub.endpoint()), MODEL, "main");
        new Download(client, faults, writer, listing, space, RANGE).bring(listing.files(), progress);
        return writer.snapshot(listing.commit());
    }

    private Path pull() throws InterruptedException {
        return pull(PullProgress.NONE, path -> Long.MAX_VALUE);
    }

    private static void assertHasAll(Path snapshot) {
        assertThat(snapshot.resolve("onnx/model.onnx")).hasBinaryContent(WEIGHTS.all());
        assertThat(snapshot.resolve("config.json")).hasContent("{\"model_type\":\"vit\"}");
    }

    private List<String> filesOf(String folder) throws IOException {
        Path place = cache.resolve("models--acme--eye").resolve(folder);
        if (!Files.exists(place)) {
            return List.of();
        }
        try (var files = Files.walk(place)) {
            return files.filter(file -> !Files.isDirectory(file))
                    .map(file -> place.relativize(file).toString())
                    .toList();
        }
    }

    @Test
    void allRangesOfALargeFileMakeTheFile() throws Exception {
        assertHasAll(pull());

        Set<String> asked = hub.asked().stream()
                .flatMap(request -> request.range().stream())
                .collect(Collectors.toSet());
        assertThat(asked).hasSize(16).contains("bytes=0-65535", "bytes=983040-1000000");
        assertThat(filesOf("blobs")).noneMatch(name -> name.contains("incomplete"));
    }

    @Test
    void whatIsHereIsNotFetchedAgain() throws Exception {
        pull();
        hub.forget();

        assertHasAll(pull());

        assertThat(hub.served()).isZero();
    }

    @Test
    void progressNeverGoesBackAndEndsAtTheTotal() throws Exception {
        List<Long> completed = new ArrayList<>();
        pull((status, file, done, total) -> completed.add(done), path -> Long.MAX_VALUE);

        assertThat(completed).isSorted();
        assertThat(completed.getLast()).isEqualTo(1_000_001 + 20);
    }

    @Test
    void aConnectionThatBreaksGoesOnWhereItStopped() throws Exception {
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.CutAfter(1000), new LocalHub.Trouble.CutAfter(70));

        assertHasAll(pull());

        assertThat(hub.served()).isEqualTo(1_000_001 + 20);
    }

    @Test
    void aServerThatStandsStillIsAskedAgain() throws Exception {
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.StallAfter(5000));

        assertHasAll(pull());

        assertThat(hub.served()).isEqualTo(1_000_001 + 20);
        assertThat(pauses).hasSize(1);
    }

    @Test
    void aServerThatWantsToBeLeftAloneIsLeftAloneForAsLong() throws Exception {
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.Status(429, Map.of("Retry-After", "9")));

        assertHasAll(pull());

        assertThat(pauses).containsExactly(Duration.ofSeconds(9));
    }

    @Test
    void aSignedLocationThatDiedIsAskedForAgain() throws Exception {
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.Status(403, Map.of()));

        assertHasAll(pull());

        assertThat(hub.asked().stream()
                        .filter(asked ->
                                asked.method().equals("HEAD") && asked.path().endsWith("model.onnx")))
                .hasSize(2);
    }

    @Test
    void aServerWithoutRangesGivesTheFileInOnePiece() throws Exception {
        hub.withoutRanges();

        assertHasAll(pull());
    }

    @Test
    void damagedBytesAreFetchedAgainFromTheStart() throws Exception {
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.FlipByte(70_000), new LocalHub.Trouble.FlipByte(10));

        assertHasAll(pull());
    }

    @Test
    void bytesThatAreDamagedTwiceAreNotKept() throws Exception {
        hub.trouble("config.json", new LocalHub.Trouble.FlipByte(3), new LocalHub.Trouble.FlipByte(3));

        assertThatThrownBy(this::pull)
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("'config.json'")
                .hasMessageContaining("damaged twice");

        assertThat(filesOf("snapshots")).noneMatch(name -> name.endsWith("config.json"));
        assertThat(filesOf("blobs"))
                .noneMatch(name ->
                        name.startsWith(hub.contentOf("acme/eye", "config.json").etag()));
    }

    @Test
    void nothingIsFetchedWithoutRoomForAll() throws Exception {
        assertThatThrownBy(() -> pull(PullProgress.NONE, path -> 1_000_000))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("no room")
                .hasMessageContaining("2 MB to fetch, 1 MB free")
                .hasMessageContaining("HF_HOME");

        assertThat(hub.served()).isZero();
    }

    @Test
    void anInterruptedPullKeepsWhatCameAndTheNextFetchesTheRest() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        hub.onServed(total -> {
            if (total > 500_000) {
                half.countDown();
            }
        });
        // A range that stands still keeps the first pull from ending before it is interrupted.
        hub.trouble("onnx/model.onnx", new LocalHub.Trouble.StallAfter(10));
        AtomicReference<Throwable> end = new AtomicReference<>();
        HubClient patient = new HubClient(HubAccess.to(hub.endpoint()));
        Thread puller = Thread.ofVirtual().start(() -> {
            RepoListing listing;
            try {
                listing = patient.list(MODEL, "main");
                HubFaults faults = new HubFaults(HubAccess.to(hub.endpoint()), MODEL, "main");
                new Download(patient, faults, new CacheWriter(cache, MODEL), listing, path -> Long.MAX_VALUE, RANGE)
                        .bring(listing.files(), PullProgress.NONE);
            } catch (Throwable e) {
                end.set(e);
            }
        });
        half.await();
        puller.interrupt();
        puller.join();
        patient.close();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(filesOf("snapshots")).noneMatch(name -> name.endsWith("model.onnx"));
        hub.forget();

        assertHasAll(pull());

        // 500 000 had left the hub; what four ranges had on their way may be lost.
        assertThat(hub.served()).isLessThan(1_000_021 - 500_000 + 4 * RANGE);
    }

    @Test
    void aBlobThatAPowerFailureCutOffIsFetchedAgain() throws Exception {
        Path blob = pull().resolve("onnx/model.onnx").toRealPath();
        Files.write(blob, new byte[10]);

        assertHasAll(pull());
    }

    @Test
    void aPartThatPromisesTooMuchIsFoundOut() throws Exception {
        Path blob = Files.createDirectories(cache.resolve("models--acme--eye/blobs"))
                .resolve(WEIGHTS.etag());
        try (PartFile part = PartFile.open(blob, WEIGHTS.size(), RANGE)) {
            // As after a power failure: the progress was written, the bytes were not.
            part.write(0, List.of(ByteBuffer.allocate(RANGE)));
        }

        assertHasAll(pull());
    }

    @Test
    void aLockThatAnotherToolHoldsIsWaitedForAndItsWorkIsUsed() throws Exception {
        CacheWriter writer = new CacheWriter(cache, MODEL);
        Path blob = writer.blob(WEIGHTS.etag());
        SharedLock lock = SharedLock.tryTake(writer.blobLock(WEIGHTS.etag())).orElseThrow();
        Thread tool = new Thread(() -> {
            try {
                // The other tool ends once we have asked for the other file, so we must be waiting or about to.
                while (hub.asked().stream().noneMatch(asked -> asked.path().endsWith("model.onnx"))) {
                    Thread.onSpinWait();
                }
                Files.createDirectories(blob.getParent());
                Files.write(blob, WEIGHTS.all());
                lock.close();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        tool.start();

        assertHasAll(pull());
        tool.join();

        assertThat(hub.asked()).noneMatch(asked -> asked.server().equals("store"));
    }
}
