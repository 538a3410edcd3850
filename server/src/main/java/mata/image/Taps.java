package mata.image;

import java.util.Arrays;

/**
 * Which inputs make up each output along one axis, and with what weight: the image library's arithmetic (spec 3.4). Where
 * the sizes are equal each output is its input, times one.
 *
 * @param first the first input of each output
 * @param count how many inputs it takes from there on, at least one
 * @param weights {@code [tap][output]} in fixed point, {@link #ONE} is 1.0; zero behind an output's last tap
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
record Taps(int[] first, int[] count, int[][] weights) {

    static final int BITS = 22;
    static final int ONE = 1 << BITS;
    static final int HALF = ONE / 2;

    static Taps of(int in, int out, Resample kernel) {
        double scale = (double) in / out;
        double stretch = Math.max(scale, 1);
        double support = reach(kernel) * stretch;
        var first = new int[out];
        var count = new int[out];
        for (int i = 0; i < out; i++) {
            double centre = (i + 0.5) * scale;
            first[i] = Math.max(0, (int) (centre - support + 0.5));
            count[i] = Math.min(in, (int) (centre + support + 0.5)) - first[i];
        }
        var weights = new int[Arrays.stream(count).max().orElseThrow()][out];
        var shares = new double[weights.length];
        for (int i = 0; i < out; i++) {
            double sum = 0;
            for (int tap = 0; tap < count[i]; tap++) {
                shares[tap] = weight(kernel, (first[i] + tap - (i + 0.5) * scale + 0.5) * (1 / stretch));
                sum += shares[tap];
            }
            for (int tap = 0; tap < count[i]; tap++) {
                weights[tap][i] = fixedPoint(shares[tap] / sum);
            }
        }
        return new Taps(first, count, weights);
    }

    int outputs() {
        return first.length;
    }

    /** The most inputs that any output takes. */
    int most() {
        return weights.length;
    }

    /** Rounds half away from zero. */
    private static int fixedPoint(double share) {
        return (int) (share * ONE + (share < 0 ? -0.5 : 0.5));
    }

    private static double reach(Resample kernel) {
        return switch (kernel) {
            case BILINEAR -> 1;
            case BICUBIC -> 2;
            case LANCZOS -> 3;
            case NEAREST -> throw new IllegalArgumentException("nearest has no weights");
        };
    }

    private static double weight(Resample kernel, double at) {
        double x = Math.abs(at);
        return switch (kernel) {
            case BILINEAR -> x < 1 ? 1 - x : 0;
            case BICUBIC -> cubic(x);
            case LANCZOS -> x < 3 ? sinc(x) * sinc(x / 3) : 0;
            case NEAREST -> throw new IllegalArgumentException("nearest has no weights");
        };
    }

    /** Keys' cubic with a = -0.5. */
    private static double cubic(double x) {
        double a = -0.5;
        if (x < 1) {
            return ((a + 2) * x - (a + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    private static double sinc(double x) {
        return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
    }
}
