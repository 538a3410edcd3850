package mata.vision.ppocr;

import java.util.ArrayList;
import java.util.List;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.image.Warp;
import mata.vision.staged.Runner;

/**
 * Tells lines that stand on their head: {@code [n,3,48,192]} to {@code [n,2]}, probabilities of upright and of upside down.
 *
 * @param sure from above this on a line is turned
 */
record AngleClassifier(LoadedModel model, float sure) {

    private static final int WIDTH = 192;

    /** @return the lines in their order, all upright */
    List<Frame> upright(List<Frame> lines, Runner runner) {
        List<Frame> upright = new ArrayList<>(lines);
        String name = model.signature().inputs().getFirst().name();
        for (List<Integer> batch : Batches.of(lines)) {
            Tensor.Floats strips = Strips.of(batch.stream().map(lines::get).toList(), WIDTH);
            Tensors outputs = runner.run(model, Tensors.of(name, strips));
            Tensor.Floats shares = (Tensor.Floats) outputs.first();
            for (int i = 0; i < batch.size(); i++) {
                if (shares.get(2 * i + 1) > sure) {
                    int line = batch.get(i);
                    upright.set(line, Warp.halfTurn(lines.get(line)));
                }
            }
        }
        return upright;
    }
}
