package mata.vision;

import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Params;
import mata.result.Result;

/**
 * What one family of single-graph models needs around its weights: pixels to tensors, tensors to an answer. Has no state
 * that changes; shared between threads.
 *
 * @param <C> what {@code prepare} must remember for {@code interpret}, e.g. a letterbox
 */
public interface Recipe<C> {

    Prepared<C> prepare(Frame frame, Params params);

    /** {@code outputs} always hold a batch of one. */
    Result interpret(Tensors outputs, C context, Params params);
}
