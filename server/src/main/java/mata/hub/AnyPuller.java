package mata.hub;

import java.util.Optional;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
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
