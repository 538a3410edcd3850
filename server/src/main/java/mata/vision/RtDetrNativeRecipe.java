package mata.vision;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Box;
import mata.result.Detection;
import mata.result.Result;
import mata.vision.interpret.Boxes;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * RT-DETR and D-FINE as their authors' scripts export them (spec 5.4): {@code images} and {@code orig_target_sizes}, which is
 * width before height, in; {@code labels}, {@code boxes} in pixels of the picture and {@code scores} out.
 */
record RtDetrNativeRecipe(ImageSteps steps, Labels labels) implements Recipe<Placement> {

    static RtDetrNativeRecipe of(Model model) {
        model.output("labels");
        model.output("boxes");
        model.output("scores");
        ImageSteps steps = model.folder().preprocessor().isEmpty()
                ? ImageSteps.stretched(YoloInput.size(model))
                : ImageSteps.of(model.folder());
        return new RtDetrNativeRecipe(steps, model.labels());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        PixelValues pixels = steps.apply(frame);
        var size = new Tensor.Longs(LongBuffer.wrap(new long[] {frame.width(), frame.height()}), 1, 2);
        return new Prepared<>(
                new Tensors(Map.of("images", pixels.tensor(), "orig_target_sizes", size)), pixels.placement());
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        float[] scores = outputs.floats("scores").array();
        float[] boxes = outputs.floats("boxes").array();
        LongBuffer ids = outputs.longs("labels").data();
        float least = params.fraction(Parameter.CONFIDENCE, 0.3f);
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > least) {
                int at = 4 * i;
                found.add(new Detection(
                        labels.of((int) ids.get(ids.position() + i)),
                        scores[i],
                        new Box(boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3])));
            }
        }
        Size source = placement.source();
        return new Result.Detections(Boxes.shown(found, source.width(), source.height()));
    }
}
