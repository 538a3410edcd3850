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
import mata.vision.interpret.Ranking;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * RT-DETR, D-FINE, RF-DETR, Conditional and Deformable DETR (spec 5.2): logits {@code [B,Q,C]} with a sigmoid for each class
 * and no "no object" column, boxes {@code [B,Q,4]}. One query may come twice with two labels.
 *
 * @param most how many of the {@code Q*C} scores are looked at; 0 = as many as there are queries
 */
record RtDetrRecipe(DetrInputs inputs, String logits, String boxes, int most, Labels labels)
        implements Recipe<Placement> {

    private static final Set<String> TOP_100 = Set.of("conditional_detr", "deformable_detr");

    static RtDetrRecipe of(Model model) {
        model.output("logits");
        model.output("pred_boxes");
        int most = TOP_100.contains(model.folder().modelType().orElse("")) ? 100 : 0;
        return new RtDetrRecipe(
                DetrInputs.of(model, ImageSteps.of(model.folder())), "logits", "pred_boxes", most, model.labels());
    }

    /** RF-DETR as its authors' script exports it (spec 5.4). */
    static RtDetrRecipe nativeRf(Model model) {
        ImageSteps steps = ImageSteps.stretched(YoloInput.size(model)).normalisedAsImageNet();
        return new RtDetrRecipe(DetrInputs.of(model, steps), "labels", "dets", 0, model.labels());
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
        Tensor.Floats scores = outputs.floats(logits);
        float[] probabilities = Scores.sigmoid(scores.array());
        float[] coordinates = outputs.floats(boxes).array();
        int classes = scores.dimension(2);
        int limit = most > 0 ? most : scores.dimension(1);
        Size source = placement.source();
        List<Detection> found = new ArrayList<>();
        for (int i : Ranking.best(probabilities, params.fraction(Parameter.CONFIDENCE, 0.3f), limit)) {
            found.add(new Detection(
                    labels.of(i % classes),
                    probabilities[i],
                    Boxes.ofShares(coordinates, 4 * (i / classes), source.width(), source.height())));
        }
        return new Result.Detections(Boxes.shown(found, source.width(), source.height()));
    }
}
