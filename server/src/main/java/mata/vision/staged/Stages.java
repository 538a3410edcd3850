package mata.vision.staged;

import java.util.Set;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Result;

/**
 * What a family of several graphs makes of a frame. Safe to share between threads; owns its graphs until closed.
 */
public interface Stages extends AutoCloseable {

    /** The parameters that make a difference; others are left unused and the caller is told. */
    Set<Parameter> reads();

    /** @param runner what every graph is run by */
    Result answer(Frame frame, Params params, Runner runner);

    /** Whether infinity has a meaning in this output of any graph; anywhere else it is a fault. */
    default boolean mayBeInfinite(String output) {
        return false;
    }

    /** What an answer needs at the least, for the first one. */
    default Params forWarmUp() {
        return Params.NONE;
    }

    @Override
    void close();
}
