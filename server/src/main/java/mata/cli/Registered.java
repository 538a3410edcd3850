package mata.cli;

import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.task.ModelRef;

/** Finds the model that the user means. */
final class Registered {

    private Registered() {}

    /** @throws Rejected Missing, also for what cannot be a model's name */
    static RegisteredModel find(Surroundings surroundings, String model) {
        return ModelRef.of(model)
                .flatMap(surroundings.store().registry()::find)
                .orElseThrow(() -> new Rejected(new Problem.Missing("Model not found: " + model)));
    }
}
