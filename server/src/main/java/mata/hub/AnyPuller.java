package mata.hub;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import mata.config.Settings;
import mata.folder.NumberFormat;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a request to whoever can bring what it names: a folder or a model that came with this program, a Python package, or a
 * repository of the hub. With the network shut off, and where the hub does not answer, the cache has to do.
 */
public final class AnyPuller implements Puller {

    private static final Logger log = LoggerFactory.getLogger(AnyPuller.class);

    private final ModelPlaces places;
    private final Puller local;
    private final Puller pip;
    private final Puller hub;
    private final boolean offline;

    /**
     * @param local brings what is on this machine: folders, cached models, models that came with this program
     * @param offline no network at all
     */
    public AnyPuller(ModelPlaces places, Puller local, Puller pip, Puller hub, boolean offline) {
        this.places = places;
        this.local = local;
        this.pip = pip;
        this.hub = hub;
        this.offline = offline;
    }

    /** All ways to bring a model, as the settings say. */
    public static AnyPuller of(Settings settings, Registry registry, ModelPlaces places, NativeFamilies natives) {
        Settings.HubPlaces hub = settings.hub();
        Path data = settings.dataDir();
        NumberFormat usual = settings.models().dtype();
        return new AnyPuller(
                places,
                new LocalPull(registry, places, data.resolve("locks"), usual),
                new PipPull(registry, data, hub.virtualEnvironment(), hub.offline()),
                new WhenAsked(() -> new HubPull(
                        HubAccess.of(hub),
                        hub.cache(),
                        registry,
                        new Twins(data.resolve("twins.yaml")),
                        natives,
                        new HubPull.Policy(usual, settings.models().allowTwin()))),
                hub.offline());
    }

    /** A puller that is made by the first pull, so that what only a pull needs stands in nobody else's way. */
    private static final class WhenAsked implements Puller {
        private final Supplier<Puller> maker;
        private Optional<Puller> made = Optional.empty();

        WhenAsked(Supplier<Puller> maker) {
            this.maker = maker;
        }

        @Override
        public RegisteredModel pull(PullRequest request, PullProgress progress) throws InterruptedException {
            return made().pull(request, progress);
        }

        private synchronized Puller made() {
            Puller puller = made.orElseGet(maker);
            made = Optional.of(puller);
            return puller;
        }
    }

    @Override
    public RegisteredModel pull(PullRequest request, PullProgress progress) throws InterruptedException {
        Optional<ModelRef> named = ModelRef.of(request.model());
        if (named.flatMap(PipBackend::of).isPresent()) {
            return pip.pull(request, progress);
        }
        boolean isStarter = named.flatMap(places::starter).isPresent();
        if (offline || isStarter || LocalPull.isPath(request.model())) {
            return local.pull(request, progress);
        }
        try {
            return hub.pull(request, progress);
        } catch (Rejected rejected) {
            if (rejected.getCause() instanceof Unreachable
                    && named.filter(model -> isCached(model, request)).isPresent()) {
                log.warn("{}; taking '{}' as it is in the cache", rejected.getMessage(), request.model());
                return local.pull(request, progress);
            }
            throw rejected;
        }
    }

    private boolean isCached(ModelRef model, PullRequest request) {
        return places.cached(model, request.revision().orElse("main")).isPresent();
    }
}
