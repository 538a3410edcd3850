package mata.vision;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import mata.engine.Signature;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.BitMask;
import mata.image.Frame;
import mata.image.Interpolate;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Result;
import mata.result.Segment;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;

/**
 * One map of probabilities that a pixel is foreground, {@code [B,1,h,w]} or {@code [B,h,w,1]}, enlarged to the picture. The
 * segment's confidence is the mean probability inside it.
 */
record ForegroundRecipe(ImageSteps steps, String input, Port output, String label, float threshold)
        implements Recipe<Placement> {

    /** Label 0 is the background. */
    private static final int FOREGROUND = 1;

    static ForegroundRecipe of(Model model) {
        return new ForegroundRecipe(
                ImageSteps.of(model.folder()),
                model.pictureInput().name(),
                output(model),
                model.labels().isEmpty() ? "foreground" : model.labels().of(FOREGROUND),
                (float) model.folder().config().number("mask_threshold").orElse(0.5));
    }

    /** Some graphs have maps of their inner layers among their outputs: the one that matters has a name for it. */
    private static Port output(Model model) {
        Signature signature = model.signature();
        Port output = Stream.of("output", "alphas")
                .flatMap(name -> signature.output(name).stream())
                .findFirst()
                .orElse(signature.outputs().getFirst());
        if (output.shape().length != 4 || (output.shape()[1] != 1 && output.shape()[3] != 1)) {
            throw model.refused("output " + output.name() + " is no single map");
        }
        return output;
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE, Parameter.MASK_THRESHOLD, Parameter.MASK_FORMAT);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        PixelValues pixels = steps.apply(frame);
        return new Prepared<>(Tensors.of(input, pixels.tensor()), pixels.placement());
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        Tensor.Floats map = outputs.floats(output.name());
        boolean channelsFirst = output.shape()[1] == 1;
        int width = placement.source().width();
        int height = placement.source().height();
        float[] probabilities = Interpolate.bilinear(
                map.array(), map.dimension(channelsFirst ? 2 : 1), map.dimension(channelsFirst ? 3 : 2), height, width);
        float least = params.fraction(Parameter.MASK_THRESHOLD, threshold);
        var bits = new byte[probabilities.length];
        double sum = 0;
        for (int i = 0; i < bits.length; i++) {
            if (probabilities[i] > least) {
                bits[i] = 1;
                sum += probabilities[i];
            }
        }
        var mask = new BitMask(width, height, bits);
        float confidence = (float) (sum / Math.max(1, mask.area()));
        if (confidence <= params.fraction(Parameter.CONFIDENCE, 0.5f)) {
            return new Result.Segments(List.of());
        }
        return new Result.Segments(List.of(
                new Segment(label, confidence, mask.box(), mask.encode(params.text(Parameter.MASK_FORMAT, "png")))));
    }
}
