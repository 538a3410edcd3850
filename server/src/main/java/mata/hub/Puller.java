package mata.hub;

import mata.registry.RegisteredModel;

/** Brings a model to this machine and registers it. Safe to call from many threads. */
public interface Puller {

    /**
     * Returns once every file is on disk and the registry knows the model. Pulling what is already here is quick and harmless.
     *
     * @throws mata.problem.Rejected BadInput (no network, no such model, not the task asked for, nothing we could serve, pip
     *     failed), Conflict (a pull of the same model is under way), Invalid (a name or setting that cannot be)
     */
    RegisteredModel pull(PullRequest request, PullProgress progress) throws InterruptedException;
}
