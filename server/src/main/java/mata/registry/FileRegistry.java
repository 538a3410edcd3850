package mata.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import mata.task.ModelRef;
import org.slf4j.LoggerFactory;

/**
 * The registry as a file that server and command line share. Writers of all processes take turns; reading costs one look at
 * the file's attributes while nothing has changed. A damaged file is kept under another name and written anew from what can
 * be found. What an entry holds beyond our names is kept.
 *
 * <p>Safe to share between threads. Every method throws {@link UncheckedIOException} where the data folder cannot be used.
 */
public final class FileRegistry implements Registry {

    private final RegistryFile file;
    private final Path lockFile;
    private final Supplier<List<RegisteredModel>> salvage;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile Content content = new Content("", JsonNodeFactory.instance.objectNode(), List.of());

    /** One state of the file. */
    private record Content(String stamp, ObjectNode entries, List<RegisteredModel> models) {}

    private interface Work<T> {
        T run() throws IOException;
    }

    /** @param salvage what is known without the file, asked when it is damaged */
    public FileRegistry(Path dataDir, Supplier<List<RegisteredModel>> salvage) {
        this.file = new RegistryFile(dataDir.toAbsolutePath().resolve("model_registry.json"));
        this.lockFile = dataDir.resolve("model_registry.lock");
        this.salvage = salvage;
    }

    @Override
    public List<RegisteredModel> list() {
        return orUnchecked(this::current).models();
    }

    @Override
    public Optional<RegisteredModel> find(ModelRef model) {
        return list().stream().filter(known -> known.model().equals(model)).findFirst();
    }

    @Override
    public void put(RegisteredModel model) {
        change(entries -> {
            RegistryEntry.write(model, entries.withObjectProperty(model.model().id()));
            return true;
        });
    }

    @Override
    public boolean remove(ModelRef model) {
        return change(entries -> entries.remove(model.id()) != null);
    }

    private Content current() throws IOException {
        Content known = content;
        if (file.stamp().equals(known.stamp())) {
            return known;
        }
        try {
            return read();
        } catch (RegistryFile.Damaged _) {
            return alone(this::readOrRepair);
        }
    }

    /** @param edit says whether it changed anything */
    private boolean change(Predicate<ObjectNode> edit) {
        return orUnchecked(() -> alone(() -> {
            ObjectNode entries = readOrRepair().entries().deepCopy();
            boolean changed = edit.test(entries);
            if (changed) {
                file.replace(entries);
            }
            return changed;
        }));
    }

    /** Runs with no other writer beside it, in this process or another. */
    private <T> T alone(Work<T> work) throws IOException {
        turn.lock();
        try (var _ = ProcessLock.acquire(lockFile)) {
            return work.run();
        } finally {
            turn.unlock();
        }
    }

    private Content readOrRepair() throws IOException {
        try {
            return read();
        } catch (RegistryFile.Damaged damaged) {
            Path aside = file.setAside();
            ObjectNode entries = JsonNodeFactory.instance.objectNode();
            for (RegisteredModel found : salvage.get()) {
                RegistryEntry.write(
                        found, entries.withObjectProperty(found.model().id()));
            }
            file.replace(entries);
            warn("%s was damaged (%s): it is kept as %s, and %d models were found again"
                    .formatted(file.path(), damaged.getMessage(), aside.getFileName(), entries.size()));
            return current();
        }
    }

    private Content read() throws IOException, RegistryFile.Damaged {
        // Stamped first: a change between the two looks is read once more, never missed.
        String stamp = file.stamp();
        ObjectNode entries = file.read();
        List<RegisteredModel> models = new ArrayList<>();
        entries.forEachEntry((id, entry) -> RegistryEntry.read(id, entry)
                .ifPresentOrElse(
                        models::add,
                        () -> warn(file.path() + ": entry '" + id + "' means nothing to this release; left alone")));
        Content read = new Content(stamp, entries, List.copyOf(models));
        content = read;
        return read;
    }

    /** Asks for the logger late: commands that have nothing to report start faster without one. */
    private static void warn(String message) {
        LoggerFactory.getLogger(FileRegistry.class).warn(message);
    }

    private <T> T orUnchecked(Work<T> work) {
        try {
            return work.run();
        } catch (IOException unusable) {
            throw new UncheckedIOException("cannot use " + file.path() + ": " + unusable.getMessage(), unusable);
        }
    }
}
