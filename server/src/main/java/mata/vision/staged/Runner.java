package mata.vision.staged;

import mata.engine.LoadedModel;
import mata.engine.Tensors;

/** Runs a graph for one frame, keeping count of the time and an eye on the numbers. */
@FunctionalInterface
public interface Runner {

    /**
     * @throws mata.problem.Rejected with {@code Broken} naming an output that holds NaN or infinity, and whatever the run
     *     itself throws
     */
    Tensors run(LoadedModel model, Tensors inputs);
}
