package mata.vision;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.image.Letterbox;
import mata.image.Pixels;
import mata.image.Resizer;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * How YOLO's tool prepares a picture (spec 5.3): boxed with grey around it, linear without antialias, 0…255 to 0…1; unless the
 * model's folder says it otherwise.
 */
record YoloInput(String name, Size size, Optional<ImageSteps> steps) {

    /** The grey around the picture. */
    static final int FILLING = 114;

    private static final int USUAL_SIDE = 640;

    private static final Pattern SIZE_IN_METADATA = Pattern.compile("\\[?\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?]?");

    private static final float[] NO_MEAN = {0, 0, 0};

    private static final float[] NO_STD = {1, 1, 1};

    static YoloInput of(Model model) {
        Optional<ImageSteps> steps =
                model.folder().preprocessor().isEmpty() ? Optional.empty() : Optional.of(ImageSteps.of(model.folder()));
        return new YoloInput(model.pictureInput().name(), size(model), steps);
    }

    /** With the picture stretched to the input: RT-DETR as YOLO's tool trains it. */
    YoloInput stretching() {
        return new YoloInput(name, size, Optional.of(ImageSteps.stretched(size)));
    }

    /** What the graph fixes, else what its metadata or its files say. */
    static Size size(Model model) {
        Port input = model.pictureInput();
        if (input.shape()[2] > 0 && input.shape()[3] > 0) {
            return new Size((int) input.shape()[2], (int) input.shape()[3]);
        }
        Matcher inMetadata =
                SIZE_IN_METADATA.matcher(model.signature().metadata().getOrDefault("imgsz", ""));
        if (inMetadata.matches()) {
            int height = Integer.parseInt(inMetadata.group(1));
            return new Size(height, inMetadata.group(2) == null ? height : Integer.parseInt(inMetadata.group(2)));
        }
        return Size.square(model.folder().config().whole("image_size", USUAL_SIDE));
    }

    Prepared<Placement> of(Frame frame) {
        PixelValues pixels = steps.isPresent() ? steps.get().apply(frame) : boxed(frame);
        return new Prepared<>(Tensors.of(name, pixels.tensor()), pixels.placement());
    }

    private PixelValues boxed(Frame frame) {
        Letterbox box = Letterbox.yolo(frame.width(), frame.height(), size.width(), size.height());
        Frame resized = Resizer.linear(frame, box.width(), box.height());
        var tensor = new Tensor.Floats(
                Pixels.chw(box.place(resized, FILLING), 1 / 255.0, 0, NO_MEAN, NO_STD, false),
                1,
                3,
                size.height(),
                size.width());
        return new PixelValues(tensor, Placement.exactly(new Size(frame.height(), frame.width()), box));
    }
}
