package mata.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import mata.folder.NumberFormat;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * Carries a model to machines without network as one file: a ZIP, not compressed, with the model's files under {@code files/} and
 * a list of them with their hashes in {@code model.json}. What came from the hub goes back into the cache as the Python tools lay
 * it out; any other model gets a folder below the data folder.
 */
public final class ModelArchive {

    private static final int FORMAT = 1;
    private static final String LIST = "model.json";
    private static final String FILES = "files/";
    private static final int PIECE = 1 << 18;
    private static final JsonMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private final Registry registry;
    private final ModelPlaces places;
    private final Path dataDir;
    private final Download.FreeSpace space;

    /**
     * What stands in {@code model.json}.
     *
     * @param repository the repository of the hub that the files came from, if they did
     * @param commit its commit
     */
    private record Contents(
            int format,
            String model,
            String task,
            String source,
            Map<String, String> settings,
            @Nullable String repository,
            @Nullable String commit,
            List<Item> files) {}

    /** @param etag name of the file's blob in the cache; null for files that did not come from the hub */
    private record Item(
            String path, long size, String sha256, @Nullable String etag) {}

    public ModelArchive(Registry registry, ModelPlaces places, Path dataDir) {
        this(registry, places, dataDir, Download.FreeSpace.REAL);
    }

    ModelArchive(Registry registry, ModelPlaces places, Path dataDir, Download.FreeSpace space) {
        this.registry = registry;
        this.places = places;
        this.dataDir = dataDir;
        this.space = space;
    }

    /**
     * Writes a registered model; the file appears under its name once it is whole.
     *
     * @throws Rejected Missing: no such model; BadInput: it has no files, or they cannot be read or written
     */
    public void write(ModelRef model, Path file, PullProgress progress) throws InterruptedException {
        RegisteredModel known =
                registry.find(model).orElseThrow(() -> new Rejected(new Problem.Missing("Model not found: " + model)));
        Path folder = places.folder(known)
                .orElseThrow(() -> new Rejected(new Problem.BadInput("'" + model + "' has no files of its own to export"
                        + (known.source() == RegisteredModel.Source.PIP
                                ? "; its packages go by 'pip download' and 'pip install --no-index'"
                                : ""))));
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            write(known, folder, part, progress);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Rejected(
                    new Problem.BadInput("cannot export '" + model + "' to " + file + ": " + Disk.reason(e)), e);
        } finally {
            removeQuietly(part);
        }
    }

    private void write(RegisteredModel known, Path folder, Path file, PullProgress progress)
            throws IOException, InterruptedException {
        List<Path> files;
        try (var all = Files.walk(folder)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        long total = 0;
        for (Path each : files) {
            total += Files.size(each);
        }
        Counter counter = new Counter("exporting", total, progress);
        List<Item> items = new ArrayList<>();
        try (ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Path each : files) {
                String path = folder.relativize(each).toString().replace('\\', '/');
                zip.putNextEntry(new ZipEntry(FILES + path));
                String sha256 = copy(Files.newInputStream(each), zip, path, counter);
                zip.closeEntry();
                items.add(new Item(path, Files.size(each), sha256, blobOf(each).orElse(null)));
            }
            zip.putNextEntry(new ZipEntry(LIST));
            zip.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(contents(known, folder, items)));
            zip.closeEntry();
        }
    }

    private static Contents contents(RegisteredModel known, Path folder, List<Item> items) {
        boolean fromHub = items.stream().allMatch(item -> item.etag() != null);
        return new Contents(
                FORMAT,
                known.model().id(),
                known.task().word(),
                known.source().word(),
                known.settings(),
                fromHub
                        ? known.settings()
                                .getOrDefault(HubPull.TWIN, known.model().id())
                        : null,
                fromHub ? String.valueOf(folder.getFileName()) : null,
                items);
    }

    /** The blob that a file of a snapshot is a link to. */
    private static Optional<String> blobOf(Path file) throws IOException {
        if (!Files.isSymbolicLink(file)) {
            return Optional.empty();
        }
        Path target = Files.readSymbolicLink(file);
        Path holder = target.getParent();
        return holder != null && holder.endsWith("blobs")
                ? Optional.of(target.getFileName().toString())
                : Optional.empty();
    }

    /**
     * Brings a model out of a file and registers it. Checks the list, the hashes, the room and the family first; a file that is
     * damaged leaves nothing behind.
     *
     * @throws Rejected BadInput: not such a file, damaged, no model that we can serve, no room
     */
    public RegisteredModel read(Path file, PullProgress progress) throws InterruptedException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Contents contents = contents(zip, file);
            Path staging = Files.createTempDirectory(Files.createDirectories(dataDir.resolve("models")), ".import-");
            try {
                checkRoom(contents, staging);
                unpack(zip, contents, staging, file, progress);
                RegisteredModel model = settle(contents, staging);
                registry.put(model);
                return model;
            } finally {
                Folders.remove(staging);
            }
        } catch (NoSuchFileException e) {
            throw new Rejected(new Problem.BadInput("there is no file " + file), e);
        } catch (ZipException e) {
            throw new Rejected(
                    new Problem.BadInput(file + " is no file that 'export' wrote, or it is cut off: " + e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new Rejected(new Problem.BadInput("cannot import " + file + ": " + Disk.reason(e)), e);
        }
    }

    private static Contents contents(ZipFile zip, Path file) throws IOException {
        ZipEntry list = zip.getEntry(LIST);
        if (list == null) {
            throw new Rejected(new Problem.BadInput(file + " has no " + LIST + ": it is no file that 'export' wrote"));
        }
        try (InputStream in = zip.getInputStream(list)) {
            Contents contents = JSON.readValue(in, Contents.class);
            if (contents.format() != FORMAT) {
                throw new Rejected(new Problem.BadInput(file + " was written by another release (format "
                        + contents.format() + ", this one reads " + FORMAT + ")"));
            }
            check(contents, file);
            return contents;
        } catch (JacksonException e) {
            throw new Rejected(
                    new Problem.BadInput(file + ": " + LIST + " makes no sense: " + e.getOriginalMessage()), e);
        }
    }

    private static void check(Contents contents, Path file) {
        boolean sound = ModelRef.of(contents.model()).isPresent()
                && Task.of(contents.task()).isPresent()
                && RegisteredModel.Source.of(contents.source()).isPresent()
                && (contents.repository() == null
                        || ModelRef.of(contents.repository()).isPresent())
                && (contents.commit() == null || Commits.isCommit(contents.commit()))
                && HubClient.isInside(contents.settings().getOrDefault(ModelPlaces.REVISION, "main"))
                && contents.files().stream()
                        .allMatch(item -> HubClient.isInside(item.path())
                                && (item.etag() == null
                                        || Checksum.of(item.etag(), item.size()).isPresent()));
        if (!sound) {
            throw new Rejected(new Problem.BadInput(file + ": " + LIST + " names what cannot be"));
        }
    }

    private void checkRoom(Contents contents, Path staging) throws IOException {
        long needed = contents.files().stream().mapToLong(Item::size).sum();
        long free = space.at(staging);
        if (needed > free) {
            throw new Rejected(new Problem.BadInput("no room for '" + contents.model() + "': " + Disk.megabytes(needed)
                    + " to unpack, " + Disk.megabytes(free) + " free at " + staging.getParent()));
        }
    }

    private static void unpack(ZipFile zip, Contents contents, Path staging, Path file, PullProgress progress)
            throws IOException, InterruptedException {
        long total = contents.files().stream().mapToLong(Item::size).sum();
        Counter counter = new Counter("importing", total, progress);
        for (Item item : contents.files()) {
            ZipEntry entry = zip.getEntry(FILES + item.path());
            Path target = staging.resolve(item.path());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            boolean right = entry != null && entry.getSize() == item.size();
            if (right) {
                try (OutputStream out = Files.newOutputStream(target)) {
                    right = copy(zip.getInputStream(entry), out, item.path(), counter)
                            .equals(item.sha256());
                }
            }
            if (!right) {
                throw new Rejected(new Problem.BadInput(
                        file + " is damaged: " + item.path() + " is not what was exported; nothing was imported"));
            }
        }
    }

    /** Moves checked files to where they belong. */
    private RegisteredModel settle(Contents contents, Path staging) throws IOException {
        Task task = Task.of(contents.task()).orElseThrow();
        NumberFormat format = Optional.ofNullable(contents.settings().get(HubPull.DTYPE))
                .flatMap(NumberFormat::of)
                .orElse(NumberFormat.FP32);
        Servable.check(staging, format, task);
        ModelRef model = new ModelRef(contents.model());
        RegisteredModel.Source source =
                RegisteredModel.Source.of(contents.source()).orElseThrow();
        if (contents.repository() == null || contents.commit() == null) {
            Path home = dataDir.resolve("models").resolve(model.id()).toAbsolutePath();
            Folders.replace(staging, home);
            return new RegisteredModel(model, task, source, Optional.of(home), contents.settings());
        }
        ModelRef repository = new ModelRef(contents.repository());
        CacheWriter cache = new CacheWriter(places.cache().folder(), repository);
        intoCache(contents, staging, cache, contents.commit());
        Optional<Path> folder =
                repository.equals(model) ? Optional.empty() : Optional.of(cache.snapshot(contents.commit()));
        return new RegisteredModel(model, task, source, folder, contents.settings());
    }

    private static void intoCache(Contents contents, Path staging, CacheWriter cache, String commit)
            throws IOException {
        cache.prepare(commit);
        for (Item item : contents.files()) {
            String etag = Objects.requireNonNull(item.etag());
            boolean fresh = !Files.exists(cache.blob(etag));
            if (fresh) {
                Folders.moveFile(staging.resolve(item.path()), cache.blob(etag));
            }
            cache.link(etag, commit, item.path(), fresh);
        }
        cache.refer(contents.settings().getOrDefault(ModelPlaces.REVISION, "main"), commit);
    }

    /** @return sha256 of what was copied */
    private static String copy(InputStream source, OutputStream target, String path, Counter counter)
            throws IOException, InterruptedException {
        MessageDigest sha256 = Checksum.digest("SHA-256");
        try (InputStream in = new DigestInputStream(source, sha256)) {
            byte[] piece = new byte[PIECE];
            for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
                target.write(piece, 0, length);
                counter.add(path, length);
            }
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static void removeQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException stays) {
            // The fault that led here is the one to tell.
        }
    }

    /** Tells how far all files together are. */
    private static final class Counter {
        private final String status;
        private final long total;
        private final PullProgress progress;
        private long done;

        Counter(String status, long total, PullProgress progress) {
            this.status = status;
            this.total = total;
            this.progress = progress;
        }

        void add(String path, long bytes) throws InterruptedException {
            done += bytes;
            progress.report(status, path, done, total);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
