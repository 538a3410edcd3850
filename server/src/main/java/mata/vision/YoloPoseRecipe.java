package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Box;
import mata.result.Joint;
import mata.result.Pose;
import mata.result.Result;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * YOLO exports that find jointed things (spec 10.1): behind the class scores each candidate holds its joints, x and y in pixels
 * of the input and mostly a visibility of 0…1.
 *
 * @param values of each joint: 2 or 3
 */
record YoloPoseRecipe(YoloInput input, String output, YoloHead head, int values, Labels labels)
        implements Recipe<Placement> {

    private static final Pattern SHAPE = Pattern.compile("\\[\\s*(\\d+)\\s*,\\s*([23])\\s*]");

    static YoloPoseRecipe of(Model model) {
        String shape = model.signature().metadata().getOrDefault("kpt_shape", "[17, 3]");
        Matcher numbers = SHAPE.matcher(shape);
        if (!numbers.matches()) {
            throw model.refused("the metadata entry kpt_shape is " + shape + " where [joints, 2 or 3] is needed");
        }
        int joints = Integer.parseInt(numbers.group(1));
        int values = Integer.parseInt(numbers.group(2));
        return new YoloPoseRecipe(
                YoloInput.of(model),
                model.signature().outputs().getFirst().name(),
                new YoloHead(model.labels().count(), joints * values, false),
                values,
                model.labels());
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
        Size source = placement.source();
        List<Pose> found = new ArrayList<>();
        for (YoloHead.Candidate candidate : head.best(
                outputs.floats(output),
                placement.input().width(),
                placement.input().height(),
                params.fraction(Parameter.CONFIDENCE, 0.3f),
                params.fraction(Parameter.IOU, 0.7f))) {
            Box box = placement.toSource(candidate.box()).clip(source.width(), source.height());
            if (box.area() > 0) {
                found.add(new Pose(
                        labels.of(candidate.label()), candidate.score(), box, joints(candidate.extras(), placement)));
            }
        }
        return new Result.Poses(found);
    }

    private List<Joint> joints(float[] extras, Placement placement) {
        Size source = placement.source();
        List<Joint> joints = new ArrayList<>();
        for (int i = 0; i < extras.length; i += values) {
            joints.add(new Joint(
                    Math.clamp(placement.sourceX(extras[i]), 0, source.width()),
                    Math.clamp(placement.sourceY(extras[i + 1]), 0, source.height()),
                    values == 3 ? extras[i + 2] : 1));
        }
        return joints;
    }
}
