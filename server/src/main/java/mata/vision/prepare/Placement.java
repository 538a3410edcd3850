package mata.vision.prepare;

import mata.image.Letterbox;
import mata.result.Box;

/**
 * Where a picture lies in a model's input, and the way back.
 *
 * @param source the picture as shown
 * @param resized the picture after resizing
 * @param input the whole input, with filling or after cropping
 * @param left column of the input where the resized picture begins; negative where it was cropped
 * @param top row likewise
 * @param scaleX input pixels a source pixel
 * @param scaleY likewise
 */
public record Placement(Size source, Size resized, Size input, int left, int top, double scaleX, double scaleY) {

    static Placement stretched(Size source, Size resized) {
        return new Placement(
                source,
                resized,
                resized,
                0,
                0,
                (double) resized.width() / source.width(),
                (double) resized.height() / source.height());
    }

    /** The same after the middle was cut out, or filling put around it where the picture is smaller. */
    Placement cropped(Size crop) {
        return new Placement(
                source,
                resized,
                crop,
                Math.floorDiv(crop.width() - resized.width() + 1, 2),
                Math.floorDiv(crop.height() - resized.height() + 1, 2),
                scaleX,
                scaleY);
    }

    /** The same with filling to the right and below. */
    Placement padded(Size whole) {
        return new Placement(source, resized, whole, left, top, scaleX, scaleY);
    }

    /** Scaled back as it was scaled, with what rounding the size did to either axis. */
    public static Placement exactly(Size source, Letterbox fit) {
        Placement nominal = of(source, fit);
        Placement stretched = stretched(source, nominal.resized);
        return new Placement(
                source, nominal.resized, nominal.input, nominal.left, nominal.top, stretched.scaleX, stretched.scaleY);
    }

    /** Scaled back by the one scale that was asked for, before sizes were rounded. */
    public static Placement of(Size source, Letterbox fit) {
        return new Placement(
                source,
                new Size(fit.height(), fit.width()),
                new Size(fit.inputHeight(), fit.inputWidth()),
                fit.padX(),
                fit.padY(),
                fit.scale(),
                fit.scale());
    }

    public float sourceX(float inputX) {
        return (float) ((inputX - left) / scaleX);
    }

    public float sourceY(float inputY) {
        return (float) ((inputY - top) / scaleY);
    }

    /** From pixels of the input to pixels of the picture as shown; not clipped. */
    public Box toSource(Box box) {
        return new Box(sourceX(box.x1()), sourceY(box.y1()), sourceX(box.x2()), sourceY(box.y2()));
    }
}
