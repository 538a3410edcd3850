package mata.vision.prepare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import mata.engine.Tensor;
import mata.folder.ModelFolder;
import mata.image.Frame;
import mata.image.Letterbox;
import mata.image.Pixels;
import mata.image.Resample;
import mata.image.Resizer;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * What turns a frame into {@code pixel_values}: resize, cut the middle, rescale, normalise, pad, flip channels, in this order
 * (spec 3.2).
 *
 * @param fit how the picture is brought to size
 * @param crop what is cut out of the middle after that
 * @param values from 0…255 to the graph's numbers
 * @param padTo filling with zeros to the right and below, after normalising: SAM's
 */
public record ImageSteps(Fit fit, Optional<Size> crop, Values values, Optional<Size> padTo) {

    /** Beyond this many pixels a resized picture is refused: a line of pixels would grow to gigabytes. */
    private static final long MOST_PIXELS = 1L << 26;

    /** How a picture is brought to size. */
    sealed interface Fit {

        /** It is not. */
        record AsIs() implements Fit {}

        record Stretch(SizeRule rule, Resample kernel) implements Fit {}

        /** With its proportions, and filling of one grey value (0…255) around it. */
        record Boxed(Size input, Corner corner, int filling, Resample kernel) implements Fit {}
    }

    /** Where a boxed picture lies. */
    enum Corner {
        TOP_LEFT,
        MIDDLE
    }

    /**
     * {@code (v * scale + offset - mean) / std}, each channel by its own.
     *
     * @param bgr blue first, after all of this
     */
    @SuppressWarnings("ArrayRecordComponent") // three numbers each, never compared
    record Values(double scale, double offset, float[] mean, float[] std, boolean bgr) {

        static Values shares() {
            return new Values(1 / 255.0, 0, new float[3], new float[] {1, 1, 1}, false);
        }

        static Values imageNet() {
            return new Values(
                    1 / 255.0, 0, new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f}, false);
        }
    }

    /**
     * The steps of a model.
     *
     * @throws Rejected with {@code BadInput} when the model's files ask for what makes no sense; the detail names the key
     */
    public static ImageSteps of(ModelFolder folder) {
        return folder.isTimm() ? TimmSteps.read(folder.timm()) : StepsReader.read(folder);
    }

    /** Stretched to one size, bilinear, 0…255 to 0…1: what exports expect that bring no file. */
    public static ImageSteps stretched(Size size) {
        return new ImageSteps(
                new Fit.Stretch(SizeRule.exactly(size.height(), size.width()), Resample.BILINEAR),
                Optional.empty(),
                Values.shares(),
                Optional.empty());
    }

    /** The middle square of the picture, 0…255 to 0…1: YOLO's classifiers. */
    public static ImageSteps middle(int side) {
        return new ImageSteps(
                new Fit.Stretch(SizeRule.shortestEdge(side), Resample.BILINEAR),
                Optional.of(Size.square(side)),
                Values.shares(),
                Optional.empty());
    }

    /** The same, and normalised with ImageNet's mean and deviation. */
    public ImageSteps normalisedAsImageNet() {
        return new ImageSteps(fit, crop, Values.imageNet(), padTo);
    }

    /** @throws Rejected with {@code BadInput} for a picture too small or too narrow for this model */
    public PixelValues apply(Frame frame) {
        Size source = new Size(frame.height(), frame.width());
        Fitted fitted = fit(frame, source);
        if (crop.isPresent()) {
            Size size = crop.get();
            fitted = new Fitted(
                    Pixels.centreCrop(fitted.frame, size.height(), size.width()), fitted.placement.cropped(size));
        }
        FloatBuffer planes = Pixels.chw(fitted.frame, values.scale, values.offset, values.mean, values.std, values.bgr);
        Placement placement = fitted.placement;
        if (padTo.isPresent()) {
            planes = padded(planes, placement.input(), padTo.get());
            placement = placement.padded(padTo.get());
        }
        return new PixelValues(
                new Tensor.Floats(
                        planes,
                        1,
                        3,
                        placement.input().height(),
                        placement.input().width()),
                placement);
    }

    private record Fitted(Frame frame, Placement placement) {}

    private Fitted fit(Frame frame, Size source) {
        return switch (fit) {
            case Fit.AsIs _ -> new Fitted(frame, Placement.stretched(source, source));
            case Fit.Stretch(var rule, var kernel) -> {
                Size size = checked(rule.of(source), source);
                yield new Fitted(
                        Resizer.resize(frame, size.width(), size.height(), kernel), Placement.stretched(source, size));
            }
            case Fit.Boxed(var input, var corner, var filling, var kernel) -> {
                Letterbox box = switch (corner) {
                    case TOP_LEFT -> Letterbox.topLeft(source.width(), source.height(), input.width(), input.height());
                    case MIDDLE -> Letterbox.centred(source.width(), source.height(), input.width(), input.height());
                };
                Frame resized = Resizer.resize(frame, box.width(), box.height(), kernel);
                yield new Fitted(box.place(resized, filling), Placement.of(source, box));
            }
        };
    }

    private static Size checked(Size resized, Size source) {
        if (resized.height() < 1 || resized.width() < 1 || (long) resized.height() * resized.width() > MOST_PIXELS) {
            throw new Rejected(new Problem.BadInput(
                    "a picture of %dx%d is too small or too narrow for this model: it would become %dx%d"
                            .formatted(source.width(), source.height(), resized.width(), resized.height())));
        }
        return resized;
    }

    private static FloatBuffer padded(FloatBuffer planes, Size from, Size to) {
        if (from.height() > to.height() || from.width() > to.width()) {
            throw new Rejected(new Problem.BadInput("pad_size %dx%d is smaller than the resized picture, %dx%d"
                    .formatted(to.width(), to.height(), from.width(), from.height())));
        }
        FloatBuffer whole = ByteBuffer.allocateDirect(Float.BYTES * 3 * to.height() * to.width())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (int channel = 0; channel < 3; channel++) {
            for (int row = 0; row < from.height(); row++) {
                int source = (channel * from.height() + row) * from.width();
                int target = (channel * to.height() + row) * to.width();
                whole.put(target, planes, source, from.width());
            }
        }
        return whole;
    }
}
