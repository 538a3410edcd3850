package mata.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.Task;

/**
 * Brings OCR backends that come as Python packages. They are installed into the active virtual environment; without one into the
 * Python of the system, unless that belongs to the system's package manager: then into an environment of our own in the data
 * folder. Registers which Python that was, so that the backend is later run by the same.
 */
public final class PipPull implements Puller {

    /** Setting of a registered backend: the interpreter that has its packages. */
    public static final String PYTHON = "python";

    private final Registry registry;
    private final Path dataDir;
    private final Optional<Path> activeEnvironment;
    private final boolean offline;
    private final String systemPython;
    private final Map<String, String> environment;

    /**
     * @param dataDir gets the environment of our own ({@code python}) and the graphs taken out of packages ({@code models})
     * @param activeEnvironment the virtual environment that the caller has activated
     * @param offline never fetch anything
     */
    public PipPull(Registry registry, Path dataDir, Optional<Path> activeEnvironment, boolean offline) {
        this(registry, dataDir, activeEnvironment, offline, "python3", Map.of());
    }

    PipPull(
            Registry registry,
            Path dataDir,
            Optional<Path> activeEnvironment,
            boolean offline,
            String systemPython,
            Map<String, String> environment) {
        this.registry = registry;
        this.dataDir = dataDir;
        this.activeEnvironment = activeEnvironment;
        this.offline = offline;
        this.systemPython = systemPython;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public RegisteredModel pull(PullRequest request, PullProgress progress) throws InterruptedException {
        PipBackend backend = ModelRef.of(request.model())
                .flatMap(PipBackend::of)
                .orElseThrow(
                        () -> Rejected.invalid("model", "value_error", "'" + request.model() + "' is no OCR backend"));
        if (request.task().filter(task -> task != Task.OCR).isPresent()) {
            throw new Rejected(new Problem.BadInput("task mismatch: asked for "
                    + request.task().orElseThrow().word() + ", but " + backend.model() + " can do: ocr"));
        }
        try (SharedLock _ = lock(backend)) {
            RegisteredModel model = backend.runsInPython() ? install(backend, progress) : unpack(backend, progress);
            registry.put(model);
            return model;
        } catch (IOException e) {
            throw new Rejected(
                    new Problem.BadInput(
                            "cannot pull '" + backend.model() + "' into " + dataDir + ": " + e.getMessage()),
                    e);
        }
    }

    private SharedLock lock(PipBackend backend) throws IOException {
        return SharedLock.tryTake(dataDir.resolve("locks").resolve("pull--" + backend.model() + ".lock"))
                .orElseThrow(() -> new Rejected(
                        new Problem.Conflict("A pull of '" + backend.model() + "' is already in progress")));
    }

    private RegisteredModel install(PipBackend backend, PullProgress progress) throws InterruptedException {
        Python python = python(progress);
        if (!python.has(backend.module())) {
            if (offline) {
                throw new Rejected(new Problem.BadInput("'" + backend.model() + "' is not installed in "
                        + python.program() + ", and the network is shut off (MATA_SERVER_OFFLINE or HF_HUB_OFFLINE)"));
            }
            progress.report("installing", "", 0, -1);
            List<String> arguments = new ArrayList<>(List.of("install"));
            arguments.addAll(backend.packages());
            python.pip("install " + String.join(" and ", backend.packages()), arguments);
        }
        warnOfMissingBinary(backend, python, progress);
        return new RegisteredModel(
                backend.model(),
                Task.OCR,
                RegisteredModel.Source.PIP,
                Optional.empty(),
                Map.of(PYTHON, python.program()));
    }

    private Python python(PullProgress progress) throws InterruptedException {
        if (activeEnvironment.isPresent()) {
            return Python.in(activeEnvironment.orElseThrow(), environment);
        }
        Path own = dataDir.resolve("python");
        if (Files.exists(own.resolve("pyvenv.cfg"))) {
            return Python.in(own, environment);
        }
        Python system = new Python(systemPython, environment);
        if (!system.isManagedBySystem()) {
            return system;
        }
        progress.warn("Python belongs to the system's package manager here; installing into an environment of our own, "
                + own);
        system.makeEnvironment(own);
        return Python.in(own, environment);
    }

    /** A missing program of the system is worth a warning, and no reason to fail (the reference, "Pip OCR backends"). */
    private static void warnOfMissingBinary(PipBackend backend, Python python, PullProgress progress)
            throws InterruptedException {
        Optional<String> binary = backend.binary();
        if (binary.isPresent() && !python.finds(binary.orElseThrow())) {
            progress.warn(
                    "'" + binary.orElseThrow() + "' is not on PATH, and " + backend.model() + " needs it: install it"
                            + " (Debian/Ubuntu: apt-get install -y tesseract-ocr, macOS: brew install tesseract, Windows:"
                            + " UB-Mannheim/tesseract)");
        }
    }

    private RegisteredModel unpack(PipBackend backend, PullProgress progress) throws IOException, InterruptedException {
        RapidOcr graphs =
                new RapidOcr(dataDir.resolve("models").resolve(backend.model().id()));
        if (!graphs.isHere()) {
            if (offline) {
                throw new Rejected(
                        new Problem.BadInput(
                                "'" + backend.model()
                                        + "' is not on this machine, and the network is shut off (MATA_SERVER_OFFLINE or HF_HUB_OFFLINE)"));
            }
            progress.report("downloading", "", 0, -1);
            Python python = activeEnvironment
                    .map(folder -> Python.in(folder, environment))
                    .orElseGet(() -> new Python(systemPython, environment));
            graphs.bring(python);
        }
        return new RegisteredModel(
                backend.model(),
                Task.OCR,
                RegisteredModel.Source.PIP,
                Optional.of(graphs.folder()),
                Map.of("package", RapidOcr.PACKAGE));
    }
}
