package mata.vision.interpret;

import mata.image.BitMask;
import mata.image.Interpolate;
import mata.image.Interpolate.Part;
import mata.result.Box;

/**
 * Masks as weighted sums of prototypes (spec 7.4, the family's "retina" form): the sum over the letterboxed input is enlarged
 * a little, its filling cut off, and the rest enlarged to the picture; a pixel is on where the sum is above 0, inside the box.
 */
public final class PrototypeMasks {

    /** Prototypes have a quarter of the input's sides. */
    private static final int STRIDE = 4;

    private final float[] prototypes;
    private final int count;
    private final int height;
    private final int width;
    private final int pictureHeight;
    private final int pictureWidth;
    private final int enlargement;

    /** @param prototypes {@code count} planes of {@code height} x {@code width} */
    public PrototypeMasks(float[] prototypes, int count, int height, int width, int pictureHeight, int pictureWidth) {
        this.prototypes = prototypes;
        this.count = count;
        this.height = height;
        this.width = width;
        this.pictureHeight = pictureHeight;
        this.pictureWidth = pictureWidth;
        this.enlargement = enlargement();
    }

    /** The least of 1, 2, 4 by which the filling has whole halves on either side. */
    private int enlargement() {
        double scale = scale(STRIDE);
        int below = STRIDE * height - (int) Math.rint(pictureHeight * scale);
        int beside = STRIDE * width - (int) Math.rint(pictureWidth * scale);
        for (int factor = 1; factor < STRIDE; factor *= 2) {
            if (below * factor % (2 * STRIDE) == 0 && beside * factor % (2 * STRIDE) == 0) {
                return factor;
            }
        }
        return STRIDE;
    }

    /** From the picture to planes enlarged so much. */
    private double scale(int factor) {
        return Math.min((double) factor * height / pictureHeight, (double) factor * width / pictureWidth);
    }

    /** @param box in pixels of the picture, clipped to it; nothing outside is on */
    public BitMask of(float[] weights, Box box) {
        int tall = enlargement * height;
        int broad = enlargement * width;
        float[] sum = sum(weights);
        float[] enlarged = enlargement == 1 ? sum : Interpolate.bilinear(sum, height, width, tall, broad);
        double scale = scale(enlargement);
        int innerHeight = (int) Math.rint(pictureHeight * scale);
        int innerWidth = (int) Math.rint(pictureWidth * scale);
        int top = (int) Math.rint((tall - innerHeight) / 2.0 - 0.1);
        int left = (int) Math.rint((broad - innerWidth) / 2.0 - 0.1);
        float[] inner = cut(enlarged, broad, top, left, innerHeight, innerWidth);
        return inside(inner, innerHeight, innerWidth, box);
    }

    private float[] sum(float[] weights) {
        var sum = new float[height * width];
        for (int prototype = 0; prototype < count; prototype++) {
            float weight = weights[prototype];
            int from = prototype * sum.length;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * prototypes[from + i];
            }
        }
        return sum;
    }

    private static float[] cut(float[] plane, int stride, int top, int left, int height, int width) {
        var part = new float[height * width];
        for (int row = 0; row < height; row++) {
            System.arraycopy(plane, (top + row) * stride + left, part, row * width, width);
        }
        return part;
    }

    private BitMask inside(float[] plane, int planeHeight, int planeWidth, Box box) {
        int left = (int) Math.ceil(box.x1());
        int top = (int) Math.ceil(box.y1());
        int right = (int) Math.ceil(box.x2());
        int bottom = (int) Math.ceil(box.y2());
        var bits = new byte[pictureHeight * pictureWidth];
        if (right > left && bottom > top) {
            var part = new Part(top, left, bottom - top, right - left);
            float[] values = Interpolate.bilinear(plane, 0, planeHeight, planeWidth, pictureHeight, pictureWidth, part);
            int at = 0;
            for (int row = top; row < bottom; row++) {
                for (int column = left; column < right; column++, at++) {
                    bits[row * pictureWidth + column] = (byte) (values[at] > 0 ? 1 : 0);
                }
            }
        }
        return new BitMask(pictureWidth, pictureHeight, bits);
    }
}
