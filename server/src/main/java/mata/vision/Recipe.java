package mata.vision;

import java.util.Set;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Result;

/**
 * What one family of single-graph models needs around its weights: pixels to tensors, tensors to an answer. Has no state
 * that changes; shared between threads.
 *
 * @param <C> what {@code prepare} must remember for {@code interpret}, e.g. a letterbox
 */
public interface Recipe<C> {

    /** The parameters that make a difference; others are left unused and the caller is told. */
    Set<Parameter> reads();

    Prepared<C> prepare(Frame frame, Params params);

    /** {@code outputs} always hold a batch of one. */
    Result interpret(Tensors outputs, C context, Params params);

    /** What a run needs at the least, for the first one. */
    default Params forWarmUp() {
        return Params.NONE;
    }

    /** Whether frames may share a run: not where a run belongs to one request's texts. */
    default boolean batches() {
        return true;
    }

    /** Whether infinity has a meaning in this output; anywhere else it is a fault, as is NaN everywhere. */
    default boolean mayBeInfinite(String output) {
        return false;
    }

    /** Gives back what the recipe holds beside the graph: a tokenizer, another graph. */
    default void close() {}
}
