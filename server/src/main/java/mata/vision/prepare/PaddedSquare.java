package mata.vision.prepare;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import mata.engine.Tensor;
import mata.folder.ModelFolder;
import mata.image.Frame;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * OWLv2's preparation (spec 3.6): rescaled, padded to a square with grey to the right and below, blurred where it shrinks, two
 * taps an axis without antialias, normalised. All in float, where other families round to 8 bits.
 *
 * <p>Blur and taps of an axis are one weighted sum; the grey is never stored, its share of each sum is known.
 */
public record PaddedSquare(Size target, ImageSteps.Values values) {

    private static final float GREY = 0.5f;

    /** @throws Rejected with {@code BadInput} where the model's file gives no size of its own */
    public static PaddedSquare of(ModelFolder folder) {
        ImageSteps steps = ImageSteps.of(folder);
        if (!(steps.fit() instanceof ImageSteps.Fit.Stretch(var rule, var _))) {
            throw new Rejected(
                    new Problem.BadInput("preprocessor_config.json: do_resize is off, which OWLv2 cannot do without"));
        }
        return new PaddedSquare(rule.of(Size.square(1)), steps.values());
    }

    public PixelValues apply(Frame frame) {
        int side = Math.max(frame.height(), frame.width());
        MirroredTaps rows = MirroredTaps.of(side, target.height());
        MirroredTaps columns = MirroredTaps.of(side, target.width());
        int plane = target.height() * target.width();
        FloatBuffer planes = ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES * 3, plane))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        float[] levels = levels();
        var column = new float[3 * frame.width()];
        for (int row = 0; row < target.height(); row++) {
            float grey = GREY * mixRows(frame, rows, row, levels, column);
            mixColumns(column, grey, columns, planes, row * target.width(), plane);
        }
        var tensor = new Tensor.Floats(planes, 1, 3, target.height(), target.width());
        Size source = new Size(frame.height(), frame.width());
        return new PixelValues(
                tensor,
                new Placement(
                        source, target, target, 0, 0, (double) target.width() / side, (double) target.height() / side));
    }

    private float[] levels() {
        var levels = new float[256];
        for (int value = 0; value < levels.length; value++) {
            levels[value] = (float) (value * values.scale());
        }
        return levels;
    }

    /**
     * One row of the target at the picture's full width.
     *
     * @return the share of the sum that lies below the picture
     */
    private static float mixRows(Frame frame, MirroredTaps rows, int row, float[] levels, float[] mixed) {
        java.util.Arrays.fill(mixed, 0);
        float below = 0;
        for (int tap = 0; tap < rows.taps(); tap++) {
            float weight = rows.weight(row, tap);
            int source = rows.index(row, tap);
            if (source >= frame.height()) {
                below += weight;
                continue;
            }
            int from = source * mixed.length;
            for (int i = 0; i < mixed.length; i++) {
                mixed[i] += weight * levels[frame.rgb()[from + i] & 0xff];
            }
        }
        return below;
    }

    /** @param grey what each pixel of the row gets from below the picture */
    private void mixColumns(float[] mixed, float grey, MirroredTaps columns, FloatBuffer planes, int to, int plane) {
        int width = mixed.length / 3;
        for (int column = 0; column < target.width(); column++) {
            float red = 0;
            float green = 0;
            float blue = 0;
            for (int tap = 0; tap < columns.taps(); tap++) {
                float weight = columns.weight(column, tap);
                int source = columns.index(column, tap);
                if (source < width) {
                    red += weight * (mixed[3 * source] + grey);
                    green += weight * (mixed[3 * source + 1] + grey);
                    blue += weight * (mixed[3 * source + 2] + grey);
                } else {
                    red += weight * GREY;
                    green += weight * GREY;
                    blue += weight * GREY;
                }
            }
            planes.put(to + column, normalised(red, 0));
            planes.put(to + column + plane, normalised(green, 1));
            planes.put(to + column + 2 * plane, normalised(blue, 2));
        }
    }

    private float normalised(float value, int channel) {
        return (value - values.mean()[channel]) / values.std()[channel];
    }
}
