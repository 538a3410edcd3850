package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mata.engine.Signature.Port;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Box;
import mata.result.Joint;
import mata.result.Pose;
import mata.result.Result;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;

/**
 * MoveNet for one person: {@code [1,1,17,3]}, each row y, x and score of a joint, y and x as shares of the input. The person's
 * confidence is the mean over the joints that are seen, its box encloses them; with no joint seen there is nobody.
 */
record MoveNetRecipe(ImageSteps steps, String input, String output) implements Recipe<Placement> {

    /** From this confidence on a joint counts as seen: below lie those outside the picture or hidden. */
    private static final float SEEN = 0.2f;

    static MoveNetRecipe of(Model model) {
        Port output = model.signature().outputs().getFirst();
        long[] shape = output.shape();
        if (shape.length != 4 || shape[3] != 3) {
            throw model.refused("the first output is not [1,1,joints,3]");
        }
        return new MoveNetRecipe(
                ImageSteps.of(model.folder()), model.pictureInput().name(), output.name());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        PixelValues pixels = steps.apply(frame);
        return new Prepared<>(Tensors.of(input, pixels.tensor()), pixels.placement());
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        float[] values = outputs.floats(output).array();
        List<Joint> joints = new ArrayList<>();
        for (int i = 0; i < values.length; i += 3) {
            joints.add(new Joint(
                    placement.sourceX(values[i + 1] * placement.input().width()),
                    placement.sourceY(values[i] * placement.input().height()),
                    values[i + 2]));
        }
        List<Joint> seen =
                joints.stream().filter(joint -> joint.confidence() >= SEEN).toList();
        if (seen.isEmpty()) {
            return new Result.Poses(List.of());
        }
        float confidence =
                (float) seen.stream().mapToDouble(Joint::confidence).average().getAsDouble();
        if (confidence <= params.fraction(Parameter.CONFIDENCE, 0.3f)) {
            return new Result.Poses(List.of());
        }
        Box box = enclosing(seen)
                .clip(placement.source().width(), placement.source().height());
        return new Result.Poses(List.of(new Pose("person", confidence, box, joints)));
    }

    private static Box enclosing(List<Joint> joints) {
        float x1 = Float.POSITIVE_INFINITY;
        float y1 = Float.POSITIVE_INFINITY;
        float x2 = Float.NEGATIVE_INFINITY;
        float y2 = Float.NEGATIVE_INFINITY;
        for (Joint joint : joints) {
            x1 = Math.min(x1, joint.x());
            y1 = Math.min(y1, joint.y());
            x2 = Math.max(x2, joint.x());
            y2 = Math.max(y2, joint.y());
        }
        return new Box(x1, y1, x2, y2);
    }
}
