package mata.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings files of one repository into the cache: several files, and several ranges of a large one, at once; from where an earlier
 * try stopped; each checked for size and hash before it gets its name. Interrupting the calling thread stops it and keeps what came.
 */
final class Download {

    private static final Logger log = LoggerFactory.getLogger(Download.class);

    /** Bytes that one request brings at most: small enough to share a file among connections, large enough not to count. */
    static final long RANGE = 32L << 20;

    private static final int CONNECTIONS = 4;
    private static final int FILES_AT_ONCE = 8;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration LOCK_POLL = Duration.ofMillis(50);

    private final HubClient client;
    private final HubFaults faults;
    private final CacheWriter cache;
    private final RepoListing listing;
    private final FreeSpace space;
    private final long rangeLength;
    private final Semaphore connections = new Semaphore(CONNECTIONS);
    private final Map<String, LongSupplier> completed = new ConcurrentHashMap<>();

    /** How much room is left where a path is. */
    @FunctionalInterface
    interface FreeSpace {
        FreeSpace REAL = path -> Files.getFileStore(path).getUsableSpace();

        long at(Path path) throws IOException;
    }

    /** @param rangeLength bytes that one request brings at most */
    Download(
            HubClient client,
            HubFaults faults,
            CacheWriter cache,
            RepoListing listing,
            FreeSpace space,
            long rangeLength) {
        this.client = client;
        this.faults = faults;
        this.cache = cache;
        this.listing = listing;
        this.space = space;
        this.rangeLength = rangeLength;
    }

    /**
     * Returns once all files are in the snapshot of the listing's commit.
     *
     * @throws Rejected BadInput: no room, broken off for good, damaged twice
     */
    void bring(List<RepoFile> files, PullProgress progress) throws InterruptedException {
        List<RepoFile> missing = files.stream()
                .filter(file -> !cache.has(listing.commit(), file))
                .toList();
        long total = files.stream().mapToLong(RepoFile::size).sum();
        long here = total - missing.stream().mapToLong(RepoFile::size).sum();
        try {
            cache.prepare(listing.commit());
            checkRoom(missing);
        } catch (IOException e) {
            throw disk(e);
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                bring(missing, threads, new Tally(progress, here, total));
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private void bring(List<RepoFile> files, ExecutorService threads, Tally tally) throws InterruptedException {
        ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(threads);
        Semaphore places = new Semaphore(FILES_AT_ONCE);
        for (RepoFile file : files) {
            running.submit(() -> {
                places.acquire();
                try {
                    bring(file, threads);
                } finally {
                    places.release();
                }
                return null;
            });
        }
        tally.report();
        for (int waiting = files.size(); waiting > 0; ) {
            Future<Void> done = running.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            if (done != null) {
                waiting--;
                outcome(done);
            }
            tally.report();
        }
    }

    private void outcome(Future<Void> done) throws InterruptedException {
        try {
            done.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Rejected rejected -> throw rejected;
                case IOException failure -> throw disk(failure);
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    /** Tells a listener how far the files are, on the thread that calls. */
    private final class Tally {
        private final PullProgress progress;
        private final long here;
        private final long total;

        Tally(PullProgress progress, long here, long total) {
            this.progress = progress;
            this.here = here;
            this.total = total;
        }

        void report() {
            long came = completed.values().stream()
                    .mapToLong(LongSupplier::getAsLong)
                    .sum();
            progress.report("downloading", "", here + came, total);
        }
    }

    private void checkRoom(List<RepoFile> files) throws IOException {
        long needed = 0;
        for (RepoFile file : files) {
            Path blob = cache.blob(file.etag());
            if (!CacheWriter.isWhole(blob, file.size())) {
                needed += file.size() - PartFile.left(blob, file.size(), rangeLength);
            }
        }
        long free = space.at(cache.repository());
        if (needed > free) {
            throw faults.rejected("no room for '" + listing.model() + "': " + Disk.megabytes(needed) + " to fetch, "
                    + Disk.megabytes(free) + " free at " + cache.repository()
                    + "; make room, or set HF_HOME to a folder on another disk");
        }
    }

    /** One file, from nothing or a part to its name in the snapshot. */
    private void bring(RepoFile file, ExecutorService threads) throws IOException, InterruptedException {
        RemoteBlob remote = client.locate(listing, file);
        Path blob = cache.blob(remote.etag());
        if (!CacheWriter.isWhole(blob, remote.size())) {
            try (SharedLock _ = lock(remote.etag())) {
                if (!CacheWriter.isWhole(blob, remote.size())) {
                    fetch(file, remote, blob, threads);
                    cache.link(remote.etag(), listing.commit(), file.path(), true);
                    return;
                }
            }
        }
        completed.put(file.path(), file::size);
        cache.link(remote.etag(), listing.commit(), file.path(), false);
    }

    /** Waits while a Python tool downloads the same blob: its work is ours, too. */
    private SharedLock lock(String etag) throws IOException, InterruptedException {
        Optional<SharedLock> lock = SharedLock.tryTake(cache.blobLock(etag));
        if (lock.isEmpty()) {
            log.info("another program is fetching {} of {}: waiting for it", etag, listing.model());
        }
        while (lock.isEmpty()) {
            Thread.sleep(LOCK_POLL);
            lock = SharedLock.tryTake(cache.blobLock(etag));
        }
        return lock.orElseThrow();
    }

    /** Once more from the start when the bytes turn out wrong: a part may be spoiled by a power failure, or a proxy may have lied. */
    private void fetch(RepoFile file, RemoteBlob remote, Path blob, ExecutorService threads)
            throws IOException, InterruptedException {
        for (int attempt = 1; attempt <= 2; attempt++) {
            if (fetchOnce(file, remote, blob, rangeLength, threads)) {
                return;
            }
            log.warn("{} of {} came damaged: fetching it again", file.path(), listing.model());
        }
        throw faults.rejected("'" + file.path() + "' of '" + listing.model() + "' came damaged twice (its hash is not "
                + remote.etag() + "); nothing of it was kept");
    }

    /** @return whether the blob is there, complete and right */
    private boolean fetchOnce(RepoFile file, RemoteBlob remote, Path blob, long stretch, ExecutorService threads)
            throws IOException, InterruptedException {
        Transfer transfer = new Transfer(client, faults, listing, file, remote);
        try (PartFile part = PartFile.open(blob, remote.size(), stretch)) {
            completed.put(file.path(), part::received);
            Future<Boolean> right = threads.submit(() -> isRight(remote, part));
            List<Future<Void>> workers = new ArrayList<>();
            AtomicInteger next = new AtomicInteger();
            for (int i = 0; i < Math.min(CONNECTIONS, part.count()); i++) {
                workers.add(threads.submit(() -> {
                    for (int range = next.getAndIncrement(); range < part.count(); range = next.getAndIncrement()) {
                        connections.acquire();
                        try {
                            transfer.bring(part, range);
                        } finally {
                            connections.release();
                        }
                    }
                    return null;
                }));
            }
            for (Future<Void> worker : workers) {
                join(worker, workers);
            }
            if (join(right, workers)) {
                part.moveTo(blob);
                return true;
            }
            part.discard();
            completed.remove(file.path());
            return false;
        } catch (HubClient.NoRanges onePiece) {
            if (stretch >= remote.size()) {
                throw onePiece;
            }
            return fetchOnce(file, remote, blob, remote.size(), threads);
        }
    }

    private static boolean isRight(RemoteBlob remote, PartFile part) throws IOException, InterruptedException {
        Optional<Checksum> checksum = Checksum.of(remote.etag(), remote.size());
        return checksum.isEmpty() || checksum.orElseThrow().follow(part, remote.size());
    }

    private static <T> T join(Future<T> worker, List<Future<Void>> all) throws IOException, InterruptedException {
        try {
            return worker.get();
        } catch (ExecutionException e) {
            all.forEach(other -> other.cancel(true));
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case Rejected rejected -> throw rejected;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private Rejected disk(IOException failure) {
        return new Rejected(
                new Problem.BadInput("cannot pull '" + listing.model() + "': " + Disk.reason(failure)
                        + ". What came so far is kept; pull again to go on"),
                failure);
    }
}
