package mata.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import mata.task.ModelRef;

/**
 * Lays one repository out in the cache of the Python tools, byte for byte as they do (checked against {@code huggingface_hub}
 * 2.4.0):
 *
 * <pre>
 * CACHEDIR.TAG
 * .locks/models--org--name/&lt;etag&gt;.lock
 * models--org--name/blobs/&lt;etag&gt;
 *                   refs/&lt;revision&gt;              the commit, without an end of line
 *                   snapshots/&lt;commit&gt;/&lt;path&gt;   a relative link to the blob
 *                   trees/&lt;commit&gt;.json           what the repository holds
 *                   .no_exist/&lt;commit&gt;/&lt;path&gt;   theirs; we read the list and never ask for what is not there
 * </pre>
 *
 * Where the system gives no links, the blob itself becomes the file in the snapshot, as with them.
 */
final class CacheWriter {

    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This file is a cache directory tag created by huggingface_hub.
            # For information about cache directory tags, see:
            #\thttps://bford.info/cachedir/
            """;

    private final Path cache;
    private final ModelRef model;
    private final Links links;

    /** Makes a symbolic link, or says that there are none: in tests, and on Windows without the right to. */
    @FunctionalInterface
    interface Links {
        void link(Path link, Path target) throws IOException;
    }

    CacheWriter(Path cache, ModelRef model) {
        this(cache, model, (link, target) -> Files.createSymbolicLink(link, target));
    }

    CacheWriter(Path cache, ModelRef model, Links links) {
        this.cache = cache;
        this.model = model;
        this.links = links;
    }

    /** {@code models--org--name}. */
    static String folderName(ModelRef model) {
        return "models--" + model.id().replace("/", "--");
    }

    Path repository() {
        return cache.resolve(folderName(model));
    }

    Path blob(String etag) {
        return repository().resolve("blobs").resolve(etag);
    }

    Path snapshot(String commit) {
        return repository().resolve("snapshots").resolve(commit);
    }

    /** The lock that the Python tools hold while they download the same blob. */
    Path blobLock(String etag) {
        return locks().resolve(etag + ".lock");
    }

    /** Held during a whole pull, so that a second one, by whomever, is told so. The Python tools don't look at it. */
    Path pullLock() {
        return locks().resolve("mataserver-pull.lock");
    }

    private Path locks() {
        return cache.resolve(".locks").resolve(folderName(model));
    }

    /** Whether a snapshot has a file, whole. */
    boolean has(String commit, RepoFile file) {
        return isWhole(snapshot(commit).resolve(file.path()), file.size());
    }

    /** A file that a power failure cut off is as good as none: the Python tools would take it, we fetch it again. */
    static boolean isWhole(Path file, long size) {
        try {
            return Files.isRegularFile(file) && Files.size(file) == size;
        } catch (IOException goneMeanwhile) {
            return false;
        }
    }

    /** Makes the folders for what is to come. */
    void prepare(String commit) throws IOException {
        Files.createDirectories(repository().resolve("blobs"));
        Files.createDirectories(snapshot(commit));
        try {
            Files.writeString(cache.resolve("CACHEDIR.TAG"), TAG, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException there) {
            // As it should be.
        }
    }

    /**
     * Puts a blob into a snapshot, under its name in the repository.
     *
     * @param fresh whether the blob has only just come, so that nothing else can lead to it
     */
    void link(String etag, String commit, String path, boolean fresh) throws IOException {
        Path file = snapshot(commit).resolve(path);
        if (Files.isRegularFile(file)) {
            return;
        }
        Path folder = Objects.requireNonNull(file.getParent());
        Files.createDirectories(folder);
        Files.deleteIfExists(file);
        Path blob = blob(etag);
        try {
            links.link(file, folder.relativize(blob));
        } catch (FileAlreadyExistsException raced) {
            if (!Files.isSameFile(file, blob)) {
                throw raced;
            }
        } catch (UnsupportedOperationException | FileSystemException noLinks) {
            if (!Files.exists(blob)) {
                throw noLinks;
            }
            putInstead(blob, file, fresh);
        }
    }

    /** Without links: a blob that just came becomes the file; one that others may use is copied. As the Python tools do. */
    private static void putInstead(Path blob, Path file, boolean fresh) throws IOException {
        if (fresh) {
            Files.move(blob, file, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Path copy = file.resolveSibling(file.getFileName() + "." + unique() + ".tmp");
            Files.copy(blob, copy);
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Lets a branch or tag point to a commit; comes last, so that a revision never names a snapshot that is not there. */
    void refer(String revision, String commit) throws IOException {
        if (revision.equals(commit)) {
            return;
        }
        Path ref = repository().resolve("refs").resolve(revision);
        if (referredTo(revision).filter(commit::equals).isEmpty()) {
            writeWhole(ref, commit);
        }
    }

    /** The commit that a revision was at when somebody last looked. */
    Optional<String> referredTo(String revision) throws IOException {
        Path ref = repository().resolve("refs").resolve(revision);
        return Files.isRegularFile(ref) ? Optional.of(Files.readString(ref).strip()) : Optional.empty();
    }

    /** Keeps the list of the repository, as the Python tools do, who tell from it whether a snapshot is complete. */
    void rememberTree(RepoListing listing) throws IOException {
        Path tree = repository().resolve("trees").resolve(listing.commit() + ".json");
        if (!Files.exists(tree)) {
            writeWhole(tree, json(listing.files()));
        }
    }

    private static String json(List<RepoFile> files) throws IOException {
        Separators python = Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(python);
        printer.indentObjectsWith(new DefaultIndenter(" ", "\n"));
        StringWriter text = new StringWriter();
        JsonFactory ascii = JsonFactory.builder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
                .build();
        try (JsonGenerator out = ascii.createGenerator(text).setPrettyPrinter(printer)) {
            out.writeStartObject();
            out.writeNumberField("format_version", 1);
            out.writeObjectFieldStart("files");
            for (RepoFile file :
                    files.stream().sorted(Comparator.comparing(RepoFile::path)).toList()) {
                out.writeObjectFieldStart(file.path());
                out.writeNumberField("size", file.size());
                out.writeStringField("blob_id", file.oid());
                if (file.sha256().isPresent()) {
                    out.writeStringField("lfs_sha256", file.sha256().orElseThrow());
                    out.writeNumberField("lfs_size", file.size());
                }
                if (file.xetHash().isPresent()) {
                    out.writeStringField("xet_hash", file.xetHash().orElseThrow());
                }
                out.writeEndObject();
            }
            out.writeEndObject();
            out.writeEndObject();
        }
        return text.toString();
    }

    /** Readers see the old text or the new, never half. */
    private static void writeWhole(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + "." + unique() + ".tmp");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String unique() {
        return UUID.randomUUID().toString().substring(0, 8);
    }
}
