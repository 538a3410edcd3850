package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import mata.engine.LoadedModel;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Params;
import mata.problem.Rejected;
import mata.result.Result;
import mata.vision.staged.Runner;
import mata.vision.staged.Stages;

/** A family of several graphs as a pipeline: each frame goes through all of them by itself. */
final class OneByOne implements Pipeline {

    private final Stages stages;
    private final Unused unused;

    OneByOne(Stages stages, Unused unused) {
        this.stages = stages;
        this.unused = unused;
    }

    @Override
    public Outcome infer(Frame frame, Params params) {
        long begun = System.nanoTime();
        var runs = new TimedRuns(stages::mayBeInfinite);
        try {
            unused.refuse(params);
            Result result = stages.answer(frame, params, runs);
            long ended = System.nanoTime();
            long before = (runs.ran ? runs.firstAt : ended) - begun;
            return new Outcome.Done(
                    result,
                    before / 1e6,
                    runs.nanos / 1e6,
                    (ended - begun - before - runs.nanos) / 1e6,
                    unused.warnings(params));
        } catch (Rejected e) {
            return new Outcome.Failed(e.problem());
        }
    }

    /** For one frame, and so for one thread. What lies between runs counts as after them. */
    private static final class TimedRuns implements Runner {

        private final Predicate<String> mayBeInfinite;
        private boolean ran;
        private long firstAt;
        private long nanos;

        TimedRuns(Predicate<String> mayBeInfinite) {
            this.mayBeInfinite = mayBeInfinite;
        }

        @Override
        public Tensors run(LoadedModel model, Tensors inputs) {
            long begun = System.nanoTime();
            if (!ran) {
                ran = true;
                firstAt = begun;
            }
            Tensors outputs = model.run(inputs);
            nanos += System.nanoTime() - begun;
            Finite.check(outputs, mayBeInfinite);
            return outputs;
        }
    }

    @Override
    public List<Outcome> inferAll(List<Frame> frames, List<Params> params) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            outcomes.add(infer(frames.get(i), params.get(i)));
        }
        return outcomes;
    }

    @Override
    public int maxBatch() {
        return 1;
    }

    @Override
    public void warmUp() {
        if (infer(SingleGraph.grey(320, 240), stages.forWarmUp()) instanceof Outcome.Failed(var problem)) {
            throw new Rejected(problem);
        }
    }

    @Override
    public void close() {
        stages.close();
    }
}
