package mata.vision.ppocr;

import java.util.Arrays;
import java.util.List;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.vision.staged.Runner;

/** Reads lines: {@code [n,3,48,w]} to probabilities {@code [n,steps,alphabet]}. */
record Recogniser(LoadedModel model, List<String> alphabet) {

    private static final int LEAST_WIDTH = 320;

    Recogniser {
        alphabet = List.copyOf(alphabet);
    }

    /** @return what each line says, in their order */
    List<Ctc.Line> read(List<Frame> lines, Runner runner) {
        var read = new Ctc.Line[lines.size()];
        for (List<Integer> batch : Batches.of(lines)) {
            Tensor.Floats steps = run(batch.stream().map(lines::get).toList(), runner);
            int rows = steps.dimension(1);
            float[] values = steps.array();
            for (int i = 0; i < batch.size(); i++) {
                read[batch.get(i)] = Ctc.decode(values, i * rows * alphabet.size(), rows, alphabet);
            }
        }
        return Arrays.asList(read);
    }

    private Tensor.Floats run(List<Frame> lines, Runner runner) {
        double widest = lines.stream().mapToDouble(Strips::ratio).max().orElseThrow();
        int width = Math.max(LEAST_WIDTH, (int) (Strips.HEIGHT * widest));
        String name = model.signature().inputs().getFirst().name();
        Tensors outputs = runner.run(model, Tensors.of(name, Strips.of(lines, width)));
        Tensor.Floats steps = (Tensor.Floats) outputs.first();
        if (steps.rank() != 3 || steps.dimension(2) != alphabet.size()) {
            throw new Rejected(new Problem.Broken("the recogniser answers " + Arrays.toString(steps.shape())
                    + " where its alphabet has " + alphabet.size() + " entries, blank and space included"));
        }
        return steps;
    }
}
