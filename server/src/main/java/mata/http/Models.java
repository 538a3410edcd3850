package mata.http;

import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;

/** Finds the model that a request names. */
final class Models {

    private Models() {}

    /** @throws Rejected Missing, also for what cannot be a model's name */
    static RegisteredModel find(Registry registry, String model) {
        return ModelRef.of(model)
                .flatMap(registry::find)
                .orElseThrow(() -> new Rejected(new Problem.Missing("Model not found: " + model)));
    }
}
