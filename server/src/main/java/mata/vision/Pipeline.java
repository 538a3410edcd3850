package mata.vision;

import java.util.List;
import mata.image.Frame;
import mata.params.Params;

/** A loaded model with its recipe: pixels in, an answer out. Safe to share between threads. */
public interface Pipeline extends AutoCloseable {

    Outcome infer(Frame frame, Params params);

    /**
     * Several at once, in one run where the graph allows it; each answer is what {@link #infer} would give alone. One
     * frame's fault fails only its own entry.
     */
    List<Outcome> inferAll(List<Frame> frames, List<Params> params);

    /** The most frames one run can take: 1 where the graph's batch is fixed. */
    int maxBatch();

    /** One run on a made-up picture, so that the first caller does not pay for lazy initialisation. */
    void warmUp();

    @Override
    void close();
}
