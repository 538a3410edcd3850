package mata.hub;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mata.folder.Family;
import mata.folder.GraphHeader;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings models from the hub. Reads the file list and config.json first, and fetches weights only once it is clear that they can
 * be served: ONNX graphs of the repository, else safetensors of a family that the server reads itself, else, where that is
 * allowed, the graphs of a known twin. Registers nothing that is not complete.
 */
public final class HubPull implements Puller, AutoCloseable {

    /** Setting of a registered model: the format of its weights. */
    public static final String DTYPE = "dtype";

    /** Setting of a registered model: the repository that its weights really came from. */
    public static final String TWIN = "twin";

    private static final Logger log = LoggerFactory.getLogger(HubPull.class);
    private static final String MAIN = "main";
    private static final JsonMapper JSON = new JsonMapper();

    private final HubAccess access;
    private final HubClient client;
    private final Path cache;
    private final Registry registry;
    private final Twins twins;
    private final NativeFamilies natives;
    private final Policy policy;
    private final Download.FreeSpace space;
    private final long rangeLength;

    /**
     * What holds for requests that don't say otherwise.
     *
     * @param usual the weights' format that is tried first
     * @param allowsTwins whether a twin may stand in for a repository without graphs
     */
    public record Policy(NumberFormat usual, boolean allowsTwins) {}

    /** @param cache the folder with {@code models--org--name}; need not exist */
    public HubPull(
            HubAccess access, Path cache, Registry registry, Twins twins, NativeFamilies natives, Policy policy) {
        this(access, cache, registry, twins, natives, policy, Download.FreeSpace.REAL, Download.RANGE);
    }

    HubPull(
            HubAccess access,
            Path cache,
            Registry registry,
            Twins twins,
            NativeFamilies natives,
            Policy policy,
            Download.FreeSpace space,
            long rangeLength) {
        this.access = access;
        this.client = new HubClient(access);
        this.cache = cache;
        this.registry = registry;
        this.twins = twins;
        this.natives = natives;
        this.policy = policy;
        this.space = space;
        this.rangeLength = rangeLength;
    }

    @Override
    public RegisteredModel pull(PullRequest request, PullProgress progress) throws InterruptedException {
        HubAddress address = HubAddress.of(request.model(), access.endpoint());
        if (request.name().isPresent()) {
            throw Rejected.invalid("name", "value_error", "only a local folder can be given another name");
        }
        Wish wish = new Wish(
                request.task(),
                request.dtype().map(HubPull::format),
                request.revision().or(address::revision).orElse(MAIN),
                request.allowTwin() || policy.allowsTwins());
        if (!HubClient.isInside(wish.revision())) {
            throw Rejected.invalid("revision", "value_error", "'" + wish.revision() + "' is no branch, tag or commit");
        }
        try (SharedLock _ = lock(address.model())) {
            RegisteredModel model = bring(address.model(), wish, progress);
            registry.put(model);
            return model;
        } catch (IOException e) {
            throw new Rejected(
                    new Problem.BadInput("cannot pull '" + address.model() + "' into " + cache + ": " + e.getMessage()),
                    e);
        }
    }

    /** A request, read. */
    private record Wish(Optional<Task> task, Optional<NumberFormat> format, String revision, boolean allowsTwin) {}

    private static NumberFormat format(String word) {
        return NumberFormat.of(word)
                .orElseThrow(() -> Rejected.invalid(
                        "dtype",
                        "enum",
                        "unknown format '" + word + "'; known: " + String.join(", ", NumberFormat.words())));
    }

    private SharedLock lock(ModelRef model) throws IOException {
        return SharedLock.tryTake(new CacheWriter(cache, model).pullLock())
                .orElseThrow(
                        () -> new Rejected(new Problem.Conflict("A pull of '" + model + "' is already in progress")));
    }

    private RegisteredModel bring(ModelRef model, Wish wish, PullProgress progress)
            throws IOException, InterruptedException {
        Repository repository = open(model, wish.revision());
        Optional<Plan> plan = plan(repository, wish);
        if (plan.isPresent()) {
            Task task = fetch(repository, plan.orElseThrow(), wish, progress);
            return registered(model, task, repository, plan.orElseThrow(), Map.of(), Optional.empty());
        }
        ModelRef twin = twin(repository, wish);
        try (SharedLock _ = lock(twin)) {
            Repository other = open(twin, MAIN);
            Plan otherPlan = plan(other, wish).orElseThrow(() -> nothingToServe(other, wish, "none of its own"));
            Task task = fetch(other, otherPlan, wish, progress);
            return registered(
                    model,
                    task,
                    other,
                    otherPlan,
                    Map.of(TWIN, twin.id()),
                    Optional.of(other.writer().snapshot(other.listing().commit())));
        }
    }

    private RegisteredModel registered(
            ModelRef model,
            Task task,
            Repository repository,
            Plan plan,
            Map<String, String> more,
            Optional<Path> folder) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put(DTYPE, plan.selection().format().word());
        settings.put(ModelPlaces.COMMIT, repository.listing().commit());
        if (!repository.listing().revision().equals(MAIN)) {
            settings.put(ModelPlaces.REVISION, repository.listing().revision());
        }
        return new RegisteredModel(model, task, RegisteredModel.Source.HF, folder, settings);
    }

    /** A repository as far as its list tells. */
    private record Repository(RepoListing listing, CacheWriter writer, HubFaults faults, Download download) {

        Path snapshot() {
            return writer.snapshot(listing.commit());
        }
    }

    private Repository open(ModelRef model, String revision) throws InterruptedException {
        RepoListing listing = client.list(model, revision);
        CacheWriter writer = new CacheWriter(cache, model);
        HubFaults faults = new HubFaults(access, model, revision);
        return new Repository(
                listing, writer, faults, new Download(client, faults, writer, listing, space, rangeLength));
    }

    /**
     * What to fetch, and how sure we are of it.
     *
     * @param families what config.json lets the model be, for the task asked for; empty where it doesn't say
     * @param isNative weights whose graph the server writes itself
     */
    private record Plan(Selection selection, Set<Family> families, boolean isNative) {}

    /** Decides by the file list and config.json. @return empty where nothing in the repository can be served */
    private Optional<Plan> plan(Repository repository, Wish wish) throws IOException, InterruptedException {
        RepoListing listing = repository.listing();
        Optional<RepoFile> config = Selection.small(listing).stream()
                .filter(file -> file.path().equals("config.json"))
                .findFirst();
        if (config.isEmpty()) {
            return Selection.ofGraphs(listing, Set.of(), wish.format(), policy.usual())
                    .map(selection -> new Plan(selection, Set.of(), false));
        }
        repository.download().bring(List.of(config.orElseThrow()), PullProgress.NONE);
        ModelFolder folder = ModelFolder.read(repository.snapshot(), policy.usual());
        wish.task().ifPresent(task -> Recognition.mayServe(folder.config(), task));
        Set<Family> families = Recognition.families(folder.config()).stream()
                .filter(family ->
                        wish.task().isEmpty() || family.can(wish.task().orElseThrow()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Family.class)));
        Optional<Plan> graphs = Selection.ofGraphs(listing, families, wish.format(), policy.usual())
                .map(selection -> new Plan(selection, families, false));
        // Without a graph to look at, config.json alone must tell what the model is.
        boolean isOurs = families.size() == 1
                && natives.canRead(json(repository.snapshot().resolve("config.json")));
        return graphs.isPresent() || !isOurs
                ? graphs
                : Selection.ofSafetensors(listing).map(selection -> new Plan(selection, families, true));
    }

    private static Map<String, ?> json(Path file) throws IOException {
        return JSON.readValue(file.toFile(), new TypeReference<Map<String, Object>>() {});
    }

    private ModelRef twin(Repository repository, Wish wish) {
        Optional<ModelRef> twin = twins.of(repository.listing().model());
        if (twin.isEmpty()) {
            throw nothingToServe(repository, wish, "none");
        }
        if (!wish.allowsTwin()) {
            throw nothingToServe(
                    repository,
                    wish,
                    twin.orElseThrow()
                            + ", an export by somebody else: allow it with --allow-twin (\"allow_twin\": true),"
                            + " or pull it by its own name");
        }
        return twin.orElseThrow();
    }

    /** Section 17 of the specification. */
    private Rejected nothingToServe(Repository repository, Wish wish, String twin) {
        RepoListing listing = repository.listing();
        List<String> graphs = Selection.graphNames(listing);
        String found;
        if (graphs.isEmpty()) {
            found = "no ONNX graph in " + listing.model();
        } else if (wish.format().isPresent()
                && !Selection.formats(listing).contains(wish.format().orElseThrow())) {
            return new Rejected(new Problem.BadInput("no graph of " + listing.model() + " has the format "
                    + wish.format().orElseThrow().word() + "; there are: "
                    + Selection.formats(listing).stream()
                            .map(NumberFormat::word)
                            .collect(Collectors.joining(", "))));
        } else {
            found = "the ONNX graphs in " + listing.model() + " are not those of a model we know ("
                    + String.join(", ", graphs) + ")";
        }
        return new Rejected(
                new Problem.BadInput(found + "; known twin: " + twin + "; pass a folder or an ONNX repository"));
    }

    /**
     * Where config.json does not decide what the model is, the graph does: its inputs and outputs are read from the hub, past the
     * weights, before these are fetched. A server without ranges, or a graph in very many pieces, is fetched unseen.
     */
    private void lookAtGraph(Repository repository, Plan plan, Wish wish) throws InterruptedException {
        List<RepoFile> graphs = plan.selection().files().stream()
                .filter(file -> file.name().endsWith(".onnx"))
                .toList();
        boolean isDecided = plan.families().size() == 1 || plan.isNative();
        if (isDecided || graphs.size() != 1 || graphs.getFirst().size() <= RemoteReading.PIECE) {
            return;
        }
        RepoListing listing = repository.listing();
        try (RemoteReading graph = new RemoteReading(client, repository.faults(), listing, graphs.getFirst())) {
            GraphHeader header = GraphHeader.read(graph, graphs.getFirst().name());
            ModelFolder folder = ModelFolder.read(
                    Files.createDirectories(repository.snapshot()),
                    plan.selection().format());
            if (!folder.isTimm()) {
                Set<Family> families = Recognition.families(folder, header);
                wish.task().ifPresent(task -> Recognition.choose(families, task));
            }
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException unseen) {
            log.debug("{} of {} is fetched unseen: {}", graphs.getFirst().path(), listing.model(), unseen.getMessage());
        }
    }

    /** Brings the files into the cache and looks at them once more before anybody may use them. */
    private Task fetch(Repository repository, Plan plan, Wish wish, PullProgress progress)
            throws IOException, InterruptedException {
        RepoListing listing = repository.listing();
        lookAtGraph(repository, plan, wish);
        repository.download().bring(plan.selection().files(), progress);
        if (!plan.isNative()) {
            bringWeightsNamedInside(repository, plan.selection(), progress);
        }
        NumberFormat format = plan.selection().format();
        Task task = wish.task().orElseGet(() -> Servable.taskOf(repository.snapshot(), format));
        Servable.check(repository.snapshot(), format, task);
        repository.writer().rememberTree(listing);
        repository.writer().refer(listing.revision(), listing.commit());
        return task;
    }

    /** Exporters call files of weights as they like; only the graph itself knows. */
    private static void bringWeightsNamedInside(Repository repository, Selection selection, PullProgress progress)
            throws InterruptedException {
        List<RepoFile> more = new ArrayList<>();
        for (RepoFile graph : selection.files()) {
            if (graph.name().endsWith(".onnx")) {
                String folder = graph.path()
                        .substring(0, graph.path().length() - graph.name().length());
                GraphHeader.read(repository.snapshot().resolve(graph.path())).externalData().stream()
                        .flatMap(name -> repository.listing().find(folder + name).stream())
                        .filter(file -> !selection.files().contains(file))
                        .forEach(more::add);
            }
        }
        if (!more.isEmpty()) {
            repository.download().bring(more, progress);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
