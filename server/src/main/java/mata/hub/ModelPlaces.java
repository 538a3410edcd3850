package mata.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import mata.registry.RegisteredModel;
import mata.task.ModelRef;

/**
 * Where the files of registered models lie: in a folder of their own, in the hub's cache, or with the models that come with
 * this program.
 *
 * @param starters the folder with {@code org/name} of the models that come with this program; need not exist
 */
public record ModelPlaces(HubCache cache, Path starters) implements ModelSizes {

    /** Setting of a registered model: the branch, tag or commit that was asked for. */
    public static final String REVISION = "revision";

    /** The commit that was pulled: what a revision of the same name becomes later, by whatever tool, does not change the model. */
    static final String COMMIT = "commit";

    /** The folder with {@code config.json}; empty for backends that Python runs, and where there is none any more. */
    public Optional<Path> folder(RegisteredModel model) {
        return switch (model.source()) {
            case PIP -> model.folder().filter(Files::isDirectory);
            case HF ->
                model.folder()
                        .or(() -> Optional.ofNullable(model.settings().get(COMMIT))
                                .flatMap(commit -> cached(model.model(), commit)))
                        .or(() -> cached(model.model(), model.settings().getOrDefault(REVISION, "main")))
                        .or(() -> starter(model.model()))
                        .filter(Files::isDirectory);
        };
    }

    Optional<Path> cached(ModelRef model, String revision) {
        return cache.snapshot(model, revision);
    }

    Optional<Path> starter(ModelRef model) {
        return Optional.of(starters.resolve(model.id())).filter(Files::isDirectory);
    }

    /** The models that come with this program. */
    public List<ModelRef> starterModels() {
        if (!Files.isDirectory(starters)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.walk(starters, 2)) {
            return folders.filter(path -> path.getNameCount() == starters.getNameCount() + 2)
                    .flatMap(path -> ModelRef.of(starters.relativize(path).toString()).stream())
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + starters, unreadable);
        }
    }

    @Override
    public OptionalLong bytes(RegisteredModel model) {
        List<BasicFileAttributes> files = files(model);
        return files.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        files.stream().mapToLong(BasicFileAttributes::size).sum());
    }

    /** When one of its files was last read, as far as the file system notes that. */
    public Optional<Instant> lastAccessed(RegisteredModel model) {
        return files(model).stream()
                .map(BasicFileAttributes::lastAccessTime)
                .max(Comparator.naturalOrder())
                .map(FileTime::toInstant);
    }

    /** Each file once, whatever links lead to it. A cached model counts with all of its revisions, as in the hub's tools. */
    private List<BasicFileAttributes> files(RegisteredModel model) {
        Optional<Path> folder = folder(model);
        if (folder.isEmpty()) {
            return List.of();
        }
        Path snapshots = cache.snapshots(model.model());
        Path root = folder.get().startsWith(snapshots) ? snapshots : folder.get();
        Set<Object> seen = new HashSet<>();
        List<BasicFileAttributes> files = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                var attributes = Files.readAttributes(path, BasicFileAttributes.class);
                Object identity = attributes.fileKey();
                if (identity == null || seen.add(identity)) {
                    files.add(attributes);
                }
            }
        } catch (IOException | UncheckedIOException goneMeanwhile) {
            return List.copyOf(files);
        }
        return files;
    }
}
