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
import mata.result.Box;
import mata.result.Detection;
import mata.result.Result;
import mata.vision.interpret.Boxes;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/** YOLO exports that find boxes, upright or rotated (spec 5.3); rotated ones are answered by the upright box around them. */
record YoloDetectRecipe(YoloInput input, String output, YoloHead head, Labels labels) implements Recipe<Placement> {

    static YoloDetectRecipe upright(Model model) {
        return of(model, new YoloHead(model.labels().count(), 0, false));
    }

    static YoloDetectRecipe rotated(Model model) {
        return of(model, new YoloHead(model.labels().count(), 1, true));
    }

    private static YoloDetectRecipe of(Model model, YoloHead head) {
        Port output = model.signature().outputs().getFirst();
        YoloInput input = YoloInput.of(model);
        return new YoloDetectRecipe(
                hasQueries(head, output) ? input.stretching() : input, output.name(), head, model.labels());
    }

    private static boolean hasQueries(YoloHead head, Port output) {
        long[] shape = output.shape();
        return shape.length == 3
                && shape[1] > 0
                && shape[2] > 0
                && head.form((int) shape[1], (int) shape[2]) == YoloHead.Form.QUERIES;
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE, Parameter.IOU);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        return input.of(frame);
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        List<Detection> found = new ArrayList<>();
        for (YoloHead.Candidate candidate : head.best(
                outputs.floats(output),
                placement.input().width(),
                placement.input().height(),
                params.fraction(Parameter.CONFIDENCE, 0.25f),
                params.fraction(Parameter.IOU, 0.7f))) {
            Box box = head.rotated() ? candidate.rotated().enclosing() : candidate.box();
            found.add(new Detection(labels.of(candidate.label()), candidate.score(), placement.toSource(box)));
        }
        Size source = placement.source();
        return new Result.Detections(Boxes.shown(found, source.width(), source.height()));
    }
}
