package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Detection;
import mata.result.Result;
import mata.vision.interpret.Boxes;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * DETR, YOLOS, Table-Transformer (spec 5.1): {@code logits [B,Q,C+1]}, the last column meaning "no object", and
 * {@code pred_boxes [B,Q,4]}, centre and size as shares of the picture. No suppression: each object has one query.
 */
record DetrRecipe(DetrInputs inputs, Labels labels) implements Recipe<Placement> {

    static DetrRecipe of(Model model) {
        model.output("logits");
        model.output("pred_boxes");
        return new DetrRecipe(DetrInputs.of(model, ImageSteps.of(model.folder())), model.labels());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        return inputs.of(frame);
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        Tensor.Floats logits = outputs.floats("logits");
        float[] values = logits.array();
        float[] boxes = outputs.floats("pred_boxes").array();
        int columns = logits.dimension(2);
        float least = params.fraction(Parameter.CONFIDENCE, 0.3f);
        Size source = placement.source();
        List<Detection> found = new ArrayList<>();
        for (int query = 0; query < logits.dimension(1); query++) {
            float[] shares = Scores.softmax(values, query * columns, columns);
            int label = Scores.largest(shares, 0, columns - 1);
            if (shares[label] > least) {
                found.add(new Detection(
                        labels.of(label),
                        shares[label],
                        Boxes.ofShares(boxes, 4 * query, source.width(), source.height())));
            }
        }
        return new Result.Detections(Boxes.shown(found, source.width(), source.height()));
    }
}
