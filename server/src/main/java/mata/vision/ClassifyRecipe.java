package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mata.engine.Signature.Port;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Classification;
import mata.result.Result;
import mata.vision.interpret.Ranking;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;

/** One label for the whole picture: {@code [B,C]} out (spec 9.1, 9.3). */
record ClassifyRecipe(ImageSteps steps, String input, String output, Activation activation, Labels labels)
        implements Recipe<Placement> {

    /** What makes the graph's numbers probabilities. */
    enum Activation {
        SOFTMAX,
        /** Labels that do not exclude each other. */
        SIGMOID,
        /** They are probabilities already. */
        NONE
    }

    static ClassifyRecipe of(Model model) {
        boolean independent = model.folder()
                .config()
                .text("problem_type")
                .filter("multi_label_classification"::equals)
                .isPresent();
        Port output = model.signature()
                .output("logits")
                .orElse(model.signature().outputs().getFirst());
        return new ClassifyRecipe(
                ImageSteps.of(model.folder()),
                model.pictureInput().name(),
                output.name(),
                independent ? Activation.SIGMOID : Activation.SOFTMAX,
                model.labels());
    }

    static ClassifyRecipe yolo(Model model) {
        return new ClassifyRecipe(
                ImageSteps.middle(YoloInput.size(model).height()),
                model.pictureInput().name(),
                model.signature().outputs().getFirst().name(),
                Activation.NONE,
                model.labels());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE, Parameter.TOP_K);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        PixelValues pixels = steps.apply(frame);
        return new Prepared<>(Tensors.of(input, pixels.tensor()), pixels.placement());
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        float[] logits = outputs.floats(output).array();
        float[] scores = switch (activation) {
            case SOFTMAX -> Scores.softmax(logits);
            case SIGMOID -> Scores.sigmoid(logits);
            case NONE -> logits;
        };
        float least = params.fraction(Parameter.CONFIDENCE, 0);
        List<Classification> found = new ArrayList<>();
        for (int id : Ranking.best(scores, Float.NEGATIVE_INFINITY, params.whole(Parameter.TOP_K, 5))) {
            if (scores[id] >= least) {
                found.add(new Classification(id, labels.of(id), scores[id]));
            }
        }
        return new Result.Classifications(found);
    }
}
