package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.BitMask;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Box;
import mata.result.Result;
import mata.result.Segment;
import mata.vision.interpret.PrototypeMasks;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * YOLO exports that find things with their masks (spec 7.4): behind the class scores each candidate holds the weights of the
 * prototypes {@code [B,32,h/4,w/4]} that the second output gives.
 */
record YoloSegmentRecipe(YoloInput input, String boxes, String prototypes, YoloHead head, Labels labels)
        implements Recipe<Placement> {

    static YoloSegmentRecipe of(Model model) {
        Port prototypes = model.signature().outputs().stream()
                .filter(port -> port.shape().length == 4)
                .findFirst()
                .orElseThrow(() -> model.refused("no output holds prototypes of masks"));
        Port boxes = model.signature().outputs().stream()
                .filter(port -> port.shape().length == 3)
                .findFirst()
                .orElseThrow(() -> model.refused("no output holds boxes"));
        int count = prototypes.shape()[1] > 0 ? (int) prototypes.shape()[1] : 32;
        return new YoloSegmentRecipe(
                YoloInput.of(model),
                boxes.name(),
                prototypes.name(),
                new YoloHead(model.labels().count(), count, false),
                model.labels());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE, Parameter.IOU, Parameter.MASK_FORMAT);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        return input.of(frame);
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        Size source = placement.source();
        Tensor.Floats planes = outputs.floats(prototypes);
        var masks = new PrototypeMasks(
                planes.array(),
                planes.dimension(1),
                planes.dimension(2),
                planes.dimension(3),
                source.height(),
                source.width());
        String format = params.text(Parameter.MASK_FORMAT, "png");
        List<Segment> found = new ArrayList<>();
        for (YoloHead.Candidate candidate : head.best(
                outputs.floats(boxes),
                placement.input().width(),
                placement.input().height(),
                params.fraction(Parameter.CONFIDENCE, 0.25f),
                params.fraction(Parameter.IOU, 0.7f))) {
            Box box = placement.toSource(candidate.box()).clip(source.width(), source.height());
            BitMask mask = masks.of(candidate.extras(), box);
            if (mask.area() > 0) { // as the reference, which shows no box whose mask is empty
                found.add(new Segment(labels.of(candidate.label()), candidate.score(), box, mask.encode(format)));
            }
        }
        return new Result.Segments(found);
    }
}
