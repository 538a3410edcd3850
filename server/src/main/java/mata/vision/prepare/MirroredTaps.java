package mata.vision.prepare;

/**
 * How each target pixel of an axis is mixed from source pixels: a Gaussian blur where the axis shrinks, then two linear taps.
 * Behind the borders the picture goes on mirrored, its outermost pixel not repeated.
 *
 * @param taps source pixels for each target pixel
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
record MirroredTaps(int taps, int[] indices, float[] weights) {

    /** The blur ends after so many standard deviations. */
    private static final double TRUNCATE = 4;

    static MirroredTaps of(int in, int out) {
        double scale = (double) in / out;
        double[] blur = blur(Math.max(0, (scale - 1) / 2));
        int radius = blur.length / 2;
        int taps = 2 * blur.length;
        var indices = new int[out * taps];
        var weights = new float[out * taps];
        for (int i = 0; i < out; i++) {
            double position = (i + 0.5) * scale - 0.5;
            int lower = (int) Math.floor(position);
            double share = position - lower;
            for (int k = 0; k < blur.length; k++) {
                int at = i * taps + 2 * k;
                indices[at] = mirrored(mirrored(lower, in) + k - radius, in);
                weights[at] = (float) ((1 - share) * blur[k]);
                indices[at + 1] = mirrored(mirrored(lower + 1, in) + k - radius, in);
                weights[at + 1] = (float) (share * blur[k]);
            }
        }
        return new MirroredTaps(taps, indices, weights);
    }

    /** Weights of a Gaussian, the middle one in the middle. */
    private static double[] blur(double sigma) {
        int radius = (int) (TRUNCATE * sigma + 0.5);
        var weights = new double[2 * radius + 1];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            double distance = i - radius;
            weights[i] = radius == 0 ? 1 : Math.exp(-0.5 * distance * distance / (sigma * sigma));
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    private static int mirrored(int index, int length) {
        if (length == 1) {
            return 0;
        }
        int period = 2 * (length - 1);
        int within = Math.floorMod(index, period);
        return within < length ? within : period - within;
    }

    int index(int output, int tap) {
        return indices[output * taps + tap];
    }

    float weight(int output, int tap) {
        return weights[output * taps + tap];
    }
}
