package mata.testing;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import mata.hub.PullProgress;
import mata.hub.PullRequest;
import mata.hub.Puller;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.Task;

/** "Pulls" by registering what it is asked for, or does as its script says. */
public final class ScriptedPuller implements Puller {

    private final Registry registry;
    private final List<PullRequest> requests = new CopyOnWriteArrayList<>();
    private volatile Script script = (_, _) -> {};

    ScriptedPuller(Registry registry) {
        this.registry = registry;
    }

    /** What happens before the model is registered. */
    @FunctionalInterface
    public interface Script {
        void run(PullRequest request, PullProgress progress) throws InterruptedException;
    }

    public void runs(Script newScript) {
        script = newScript;
    }

    @Override
    public RegisteredModel pull(PullRequest request, PullProgress progress) throws InterruptedException {
        requests.add(request);
        script.run(request, progress);
        ModelRef name = ModelRef.of(request.model())
                .orElseThrow(() -> new Rejected(new Problem.BadInput("Not a model: " + request.model())));
        var model = new RegisteredModel(
                name, request.task().orElse(Task.DETECT), RegisteredModel.Source.HF, Optional.empty(), Map.of());
        registry.put(model);
        return model;
    }

    public PullRequest lastRequest() {
        return requests.getLast();
    }
}
