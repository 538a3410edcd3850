package mata.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mata.folder.NumberFormat;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.ProcessLock;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.Task;

/**
 * Registers what is on this machine already: a local folder, a model in the hub's cache, a model that came with this program.
 * Brings nothing from the network.
 */
public final class LocalPull implements Puller {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Registry registry;
    private final ModelPlaces places;
    private final Path locks;
    private final NumberFormat format;

    /** Where a model's files are, and how it will be called. */
    private record Found(ModelRef model, Path files, boolean folderOfItsOwn) {}

    /**
     * @param locks a folder for lock files; need not exist
     * @param format which variant of the weights is taken where a request names none
     */
    public LocalPull(Registry registry, ModelPlaces places, Path locks, NumberFormat format) {
        this.registry = registry;
        this.places = places;
        this.locks = locks;
        this.format = format;
    }

    @Override
    public RegisteredModel pull(PullRequest request, PullProgress progress) {
        progress.report("resolving", "", 0, -1);
        Found found = find(request);
        Path lock = locks.resolve("pull--" + found.model().id().replace("/", "--") + ".lock");
        try (var _ = ProcessLock.tryAcquire(lock).orElseThrow(() -> underWay(found.model()))) {
            progress.report("verifying", "", 0, -1);
            RegisteredModel model = new RegisteredModel(
                    found.model(),
                    task(request, found),
                    RegisteredModel.Source.HF,
                    found.folderOfItsOwn() ? Optional.of(found.files()) : Optional.empty(),
                    settings(request));
            registry.put(model);
            return model;
        }
    }

    private Found find(PullRequest request) {
        Optional<Path> folder = localFolder(request.model());
        if (folder.isPresent()) {
            return new Found(idOf(folder.get(), request), folder.get(), true);
        }
        if (request.name().isPresent()) {
            throw Rejected.invalid("name", "value_error", "Only a local folder can be given another name");
        }
        ModelRef model = ModelRef.of(request.model())
                .orElseThrow(() -> Rejected.invalid(
                        "model",
                        "value_error",
                        "'" + request.model() + "' is no model: expected org/name or a folder"));
        return places.cached(model, request.revision().orElse("main"))
                .or(() -> places.starter(model))
                .map(files -> new Found(model, files, false))
                .orElseThrow(() -> notHere(model));
    }

    /** What begins like a path is one; all others are names, so that a pull means the same in every working directory. */
    static boolean isPath(String text) {
        return text.startsWith("/") || text.startsWith("./") || text.startsWith("../") || text.equals(".");
    }

    private static Optional<Path> localFolder(String text) {
        if (!isPath(text)) {
            return Optional.empty();
        }
        try {
            Path folder = Path.of(text).toAbsolutePath().normalize();
            if (Files.isDirectory(folder)) {
                return Optional.of(folder);
            }
        } catch (InvalidPathException unusable) {
            // Said below, with the others.
        }
        throw new Rejected(new Problem.BadInput("There is no folder " + text));
    }

    /** Section 3 of the specification: the name asked for, else what its configuration says it is, else {@code local/folder}. */
    private ModelRef idOf(Path folder, PullRequest request) {
        if (request.name().isPresent()) {
            String name = request.name().get();
            return ModelRef.of(name)
                    .filter(model -> name.contains("/"))
                    .orElseThrow(
                            () -> Rejected.invalid("name", "value_error", "Expected org/name, got '" + name + "'"));
        }
        ModelRef derived = nameInConfiguration(folder).orElseGet(() -> nameOfFolder(folder));
        registry.find(derived)
                .filter(known -> !known.folder().equals(Optional.of(folder)))
                .ifPresent(known -> {
                    throw new Rejected(new Problem.BadInput("A model '" + derived + "' is registered already, from "
                            + known.folder().map(Path::toString).orElse("the hub's cache")
                            + ": give this one a name of its own (--name org/name)"));
                });
        return derived;
    }

    private static Optional<ModelRef> nameInConfiguration(Path folder) {
        Path file = folder.resolve("config.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode name = JSON.readTree(file.toFile()).path("_name_or_path");
            return ModelRef.of(name.asText()).filter(model -> model.id().contains("/"));
        } catch (JacksonException malformed) {
            throw new Rejected(new Problem.BadInput(file + " is not JSON: " + malformed.getOriginalMessage()));
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file, unreadable);
        }
    }

    private static ModelRef nameOfFolder(Path folder) {
        String name = String.valueOf(folder.getFileName())
                .replaceAll("[^A-Za-z0-9_.-]", "-")
                .replaceAll("([.-])[.-]+", "$1")
                .replaceAll("^[.-]", "");
        return ModelRef.of("local/" + name).orElseGet(() -> new ModelRef("local/model"));
    }

    /** @throws Rejected BadInput "task mismatch", or a model that we could not serve */
    private Task task(PullRequest request, Found found) {
        NumberFormat wanted = request.dtype().map(LocalPull::format).orElse(format);
        if (request.task().isEmpty()) {
            return Servable.taskOf(found.files(), wanted);
        }
        Servable.check(found.files(), wanted, request.task().get());
        return request.task().get();
    }

    private static NumberFormat format(String word) {
        return NumberFormat.of(word)
                .orElseThrow(() -> Rejected.invalid(
                        "dtype",
                        "literal_error",
                        "Input should be one of: " + String.join(", ", NumberFormat.words())));
    }

    private static Map<String, String> settings(PullRequest request) {
        Map<String, String> settings = new HashMap<>();
        request.revision().ifPresent(revision -> settings.put(ModelPlaces.REVISION, revision));
        request.dtype().ifPresent(dtype -> settings.put("dtype", dtype));
        return settings;
    }

    private Rejected notHere(ModelRef model) {
        return new Rejected(new Problem.BadInput("'" + model + "' is not on this machine, and the network is shut off"
                + " (MATA_SERVER_OFFLINE or HF_HUB_OFFLINE): 'import' a file that another machine wrote with 'export', pull a"
                + " local folder (mataserver pull ./folder --task T), or one of the models that come with this program: "
                + String.join(
                        ", ", places.starterModels().stream().map(ModelRef::id).toList())));
    }

    private static Rejected underWay(ModelRef model) {
        return new Rejected(new Problem.Conflict("A pull of '" + model + "' is already in progress"));
    }
}
