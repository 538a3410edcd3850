package mata.vision.ppocr;

import java.util.List;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.image.Pixels;
import mata.image.Quad;
import mata.image.Resizer;
import mata.result.FloatGrid;
import mata.vision.staged.Runner;

/** Finds lines of text: {@code [1,3,h,w]}, blue first, to a map of probabilities {@code [1,1,h,w]}. */
record TextDetector(LoadedModel model, DetectorSettings settings) {

    /** @return in reading order, in pixels of the frame */
    List<Quad> find(Frame frame, Runner runner) {
        int[] input = settings.inputFor(frame.width(), frame.height());
        int width = input[0];
        int height = input[1];
        var picture = new Tensor.Floats(
                Pixels.chw(
                        Resizer.linear(frame, width, height),
                        1 / 255.0,
                        0,
                        redFirst(settings.mean()),
                        redFirst(settings.std()),
                        true),
                1,
                3,
                height,
                width);
        String name = model.signature().inputs().getFirst().name();
        Tensors outputs = runner.run(model, Tensors.of(name, picture));
        float[] map = ((Tensor.Floats) outputs.first()).array();
        return DbBoxes.find(new FloatGrid(height, width, map), frame.width(), frame.height(), settings);
    }

    private static float[] redFirst(float[] blueFirst) {
        return new float[] {blueFirst[2], blueFirst[1], blueFirst[0]};
    }
}
