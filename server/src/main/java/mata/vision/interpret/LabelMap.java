package mata.vision.interpret;

import mata.image.BitMask;

/**
 * For each pixel of a picture the plane that is largest there (spec 7.2): planes are enlarged first, since the largest of the
 * small map would give staircases for borders.
 */
public final class LabelMap {

    /** Below the largest by this much, a class has no share that a float would show. */
    private static final float NOTHING = 20;

    private final int width;
    private final int height;
    private final short[] labels;
    private final int[] counts;
    private final double[] shares;

    private LabelMap(int classes, int height, int width) {
        this.width = width;
        this.height = height;
        this.labels = new short[Math.multiplyExact(height, width)];
        this.counts = new int[classes];
        this.shares = new double[classes];
    }

    /** Of logits: a pixel's share is its softmax. */
    public static LabelMap ofLogits(float[] logits, int classes, int height, int width, int toHeight, int toWidth) {
        var map = new LabelMap(classes, toHeight, toWidth);
        Bands.enlarge(logits, classes, height, width, toHeight, toWidth, (firstRow, rows, planes) -> {
            for (int i = 0; i < rows * toWidth; i++) {
                int label = largest(planes, i);
                map.note(firstRow * toWidth + i, label, softmax(planes, label, i));
            }
        });
        return map;
    }

    /** Of weights from 0 on: a pixel's share is the largest weight's part of all. */
    public static LabelMap ofWeights(float[] weights, int classes, int height, int width, int toHeight, int toWidth) {
        var map = new LabelMap(classes, toHeight, toWidth);
        Bands.enlarge(weights, classes, height, width, toHeight, toWidth, (firstRow, rows, planes) -> {
            for (int i = 0; i < rows * toWidth; i++) {
                int label = largest(planes, i);
                float sum = 0;
                for (float[] plane : planes) {
                    sum += plane[i];
                }
                map.note(firstRow * toWidth + i, label, sum > 0 ? planes[label][i] / sum : 0);
            }
        });
        return map;
    }

    private static int largest(float[][] planes, int at) {
        int best = 0;
        for (int plane = 1; plane < planes.length; plane++) {
            if (planes[plane][at] > planes[best][at]) {
                best = plane;
            }
        }
        return best;
    }

    private static float softmax(float[][] planes, int largestPlane, int at) {
        float largest = planes[largestPlane][at];
        float sum = 0;
        for (float[] plane : planes) {
            float below = plane[at] - largest;
            if (below > -NOTHING) {
                sum += (float) Math.exp(below);
            }
        }
        return 1 / sum;
    }

    private void note(int pixel, int label, float share) {
        labels[pixel] = (short) label;
        counts[label]++;
        shares[label] += share;
    }

    public int classes() {
        return counts.length;
    }

    /** How many pixels have this label. */
    public int area(int label) {
        return counts[label];
    }

    /** The mean share over the label's pixels, of which there must be some. */
    public float confidence(int label) {
        return (float) (shares[label] / counts[label]);
    }

    public BitMask mask(int label) {
        var bits = new byte[labels.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (labels[i] == label ? 1 : 0);
        }
        return new BitMask(width, height, bits);
    }
}
