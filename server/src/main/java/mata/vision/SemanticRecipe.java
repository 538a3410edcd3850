package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.BitMask;
import mata.image.Frame;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Result;
import mata.result.Segment;
import mata.vision.interpret.LabelMap;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * A class for every pixel, {@code logits [B,C,h,w]} (spec 7.2): SegFormer, BEiT, MobileViT, DPT, UPerNet. One segment for each
 * class that has pixels, in the labels' order; the map is stretched over the whole picture even where the net saw a crop.
 */
record SemanticRecipe(ImageSteps steps, String input, String output, Labels labels) implements Recipe<Placement> {

    private static final Set<String> BACKGROUND = Set.of("background", "unlabeled", "n/a");

    static SemanticRecipe of(Model model) {
        Port output = model.signature()
                .output("logits")
                .orElse(model.signature().outputs().getFirst());
        return new SemanticRecipe(
                ImageSteps.of(model.folder()), model.pictureInput().name(), output.name(), model.labels());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE, Parameter.MASK_FORMAT);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        PixelValues pixels = steps.apply(frame);
        return new Prepared<>(Tensors.of(input, pixels.tensor()), pixels.placement());
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        Tensor.Floats logits = outputs.floats(output);
        Size source = placement.source();
        LabelMap map = LabelMap.ofLogits(
                logits.array(),
                logits.dimension(1),
                logits.dimension(2),
                logits.dimension(3),
                source.height(),
                source.width());
        return new Result.Segments(segments(map, labels, params));
    }

    /** All classes unless a confidence is asked for: a pixel's class is settled by the others, not by a threshold. */
    static List<Segment> segments(LabelMap map, Labels labels, Params params) {
        float least = params.fraction(Parameter.CONFIDENCE, 0);
        String format = params.text(Parameter.MASK_FORMAT, "png");
        List<Segment> found = new ArrayList<>();
        for (int label = 0; label < map.classes(); label++) {
            if (map.area(label) > 0 && !isBackground(label, labels) && map.confidence(label) > least) {
                BitMask mask = map.mask(label);
                found.add(new Segment(labels.of(label), map.confidence(label), mask.box(), mask.encode(format)));
            }
        }
        return found;
    }

    /** Label 0 is background only where it is called so: elsewhere it is a class like any other (ADE20K's "wall"). */
    private static boolean isBackground(int label, Labels labels) {
        return label == 0 && BACKGROUND.contains(labels.of(0).toLowerCase(Locale.ROOT));
    }
}
