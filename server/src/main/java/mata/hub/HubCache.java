package mata.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import mata.task.ModelRef;

/**
 * What the cache of the Python tools holds: {@code models--org--name/{blobs,refs,snapshots}}. Reads only.
 *
 * @param folder the folder that holds the {@code models--…} folders; need not exist
 */
public record HubCache(Path folder) {

    private static final String PREFIX = "models--";

    /**
     * The files of one revision, as the tools see them.
     *
     * @param revision branch, tag or commit
     */
    public Optional<Path> snapshot(ModelRef model, String revision) {
        Path snapshots = snapshots(model).normalize();
        return reference(model, revision)
                .or(() -> Optional.of(revision))
                .map(commit -> snapshots.resolve(commit).normalize())
                .filter(found -> snapshots.equals(found.getParent()) && Files.isDirectory(found));
    }

    /** The files of all revisions: links to blobs that they share. */
    Path snapshots(ModelRef model) {
        return repository(model).resolve("snapshots");
    }

    private Path repository(ModelRef model) {
        return folder.resolve(PREFIX + model.id().replace("/", "--"));
    }

    private Optional<String> reference(ModelRef model, String revision) {
        Path refs = repository(model).resolve("refs").normalize();
        Path file = refs.resolve(revision).normalize();
        try {
            return file.startsWith(refs) && Files.isRegularFile(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    /** Models of which there is a folder, by name. */
    public List<ModelRef> models() {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.startsWith(PREFIX))
                    .flatMap(name -> ModelRef.of(name.substring(PREFIX.length()).replace("--", "/")).stream())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + folder, unreadable);
        }
    }
}
