package mata.vision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import mata.engine.LoadedModel;
import mata.engine.Signature.Port;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Params;
import mata.problem.Rejected;
import mata.result.Result;

/**
 * A model of one graph with its recipe around it. Frames whose inputs have the same shapes share a run where the graph's batch
 * is free.
 */
final class SingleGraph<C> implements Pipeline {

    private final LoadedModel model;
    private final Recipe<C> recipe;
    private final Unused unused;
    private final boolean freeBatch;

    SingleGraph(LoadedModel model, Recipe<C> recipe, Unused unused) {
        this.model = model;
        this.recipe = recipe;
        this.unused = unused;
        this.freeBatch = recipe.batches()
                && isFree(model.signature().inputs())
                && isFree(model.signature().outputs());
    }

    private static boolean isFree(List<Port> ports) {
        return ports.stream().allMatch(port -> port.shape().length > 0 && port.shape()[0] < 0);
    }

    /** One frame on its way; {@code place} is its place among those that came together. */
    private record Job<C>(int place, Params params, Prepared<C> prepared, double preMs) {}

    @Override
    public Outcome infer(Frame frame, Params params) {
        return inferAll(List.of(frame), List.of(params)).getFirst();
    }

    @Override
    public List<Outcome> inferAll(List<Frame> frames, List<Params> params) {
        SortedMap<Integer, Outcome> outcomes = new TreeMap<>();
        Map<Object, List<Job<C>>> batches = new LinkedHashMap<>();
        for (int place = 0; place < frames.size(); place++) {
            try {
                Job<C> job = prepare(place, frames.get(place), params.get(place));
                Object key = freeBatch ? Batch.shapes(job.prepared.inputs()) : place;
                batches.computeIfAbsent(key, _ -> new ArrayList<>()).add(job);
            } catch (Rejected e) {
                outcomes.put(place, new Outcome.Failed(e.problem()));
            }
        }
        batches.values().forEach(batch -> run(batch, outcomes));
        return List.copyOf(outcomes.values());
    }

    private Job<C> prepare(int place, Frame frame, Params params) {
        long begun = System.nanoTime();
        unused.refuse(params);
        Prepared<C> prepared = recipe.prepare(frame, params);
        return new Job<>(place, params, prepared, millisSince(begun));
    }

    private void run(List<Job<C>> batch, Map<Integer, Outcome> outcomes) {
        long begun = System.nanoTime();
        List<Tensors> outputs;
        try {
            Tensors joined =
                    Batch.join(batch.stream().map(job -> job.prepared.inputs()).toList());
            outputs = Batch.split(model.run(joined), batch.size());
        } catch (Rejected e) {
            if (batch.size() == 1) {
                outcomes.put(batch.getFirst().place, new Outcome.Failed(e.problem()));
            } else {
                // What is too much together may do alone, and one frame's fault is not another's.
                batch.forEach(job -> run(List.of(job), outcomes));
            }
            return;
        }
        double runMs = millisSince(begun) / batch.size();
        for (int i = 0; i < batch.size(); i++) {
            outcomes.put(batch.get(i).place, interpret(batch.get(i), outputs.get(i), runMs));
        }
    }

    private Outcome interpret(Job<C> job, Tensors outputs, double runMs) {
        long begun = System.nanoTime();
        try {
            Finite.check(outputs, recipe::mayBeInfinite);
            Result result = recipe.interpret(outputs, job.prepared.context(), job.params);
            return new Outcome.Done(result, job.preMs, runMs, millisSince(begun), unused.warnings(job.params));
        } catch (Rejected e) {
            return new Outcome.Failed(e.problem());
        }
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    @Override
    public int maxBatch() {
        return freeBatch ? Integer.MAX_VALUE : 1;
    }

    @Override
    public void warmUp() {
        if (infer(grey(320, 240), recipe.forWarmUp()) instanceof Outcome.Failed(var problem)) {
            throw new Rejected(problem);
        }
    }

    static Frame grey(int width, int height) {
        var rgb = new byte[3 * width * height];
        Arrays.fill(rgb, (byte) 127);
        return new Frame(width, height, rgb);
    }

    @Override
    public void close() {
        model.close();
        recipe.close();
    }
}
