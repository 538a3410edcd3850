package mata.vision;

import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.image.Frame;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;

/**
 * The picture and, where the graph asks for it, a mask that says which pixels are picture and not filling: all of them, since
 * only pictures of one size share a run (spec 4, padded batch).
 */
record DetrInputs(ImageSteps steps, String picture, Optional<Port> mask) {

    static DetrInputs of(Model model, ImageSteps steps) {
        return new DetrInputs(
                steps, model.pictureInput().name(), model.signature().input("pixel_mask"));
    }

    Prepared<Placement> of(Frame frame) {
        PixelValues pixels = steps.apply(frame);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put(picture, pixels.tensor());
        mask.ifPresent(port -> inputs.put(port.name(), ones(port, pixels.tensor())));
        return new Prepared<>(new Tensors(inputs), pixels.placement());
    }

    /** Of the size that the graph fixes (64x64 in older exports), else of the picture's. */
    private static Tensor ones(Port port, Tensor picture) {
        int height = size(port.shape()[1], picture.dimension(2));
        int width = size(port.shape()[2], picture.dimension(3));
        var ones = new long[height * width];
        Arrays.fill(ones, 1);
        return new Tensor.Longs(LongBuffer.wrap(ones), 1, height, width);
    }

    private static int size(long fixed, int otherwise) {
        return fixed > 0 ? (int) fixed : otherwise;
    }
}
