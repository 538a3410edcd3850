package mata.image;

/**
 * Which inputs make up each output along one axis, and with what weight: the image library's arithmetic (spec 3.4).
 *
 * @param first the first input of each output
 * @param count how many inputs follow from there
 * @param stride distance of one output's weights from the next one's in {@code weights}
 * @param weights fixed point, {@link #ONE} is 1.0; each output's add up to about that
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
record Taps(int[] first, int[] count, int stride, int[] weights) {

    static final int BITS = 22;
    static final int ONE = 1 << BITS;
    static final int HALF = ONE / 2;

    static Taps of(int in, int out, Resample kernel) {
        double scale = (double) in / out;
        double stretch = Math.max(scale, 1);
        double support = reach(kernel) * stretch;
        int stride = (int) Math.ceil(support) * 2 + 1;
        var taps = new Taps(new int[out], new int[out], stride, new int[out * stride]);
        var shares = new double[stride];
        for (int i = 0; i < out; i++) {
            double centre = (i + 0.5) * scale;
            int from = Math.max(0, (int) (centre - support + 0.5));
            int count = Math.min(in, (int) (centre + support + 0.5)) - from;
            double sum = 0;
            for (int t = 0; t < count; t++) {
                shares[t] = weight(kernel, (from + t - centre + 0.5) * (1 / stretch));
                sum += shares[t];
            }
            taps.first[i] = from;
            taps.count[i] = count;
            for (int t = 0; t < count; t++) {
                taps.weights[i * stride + t] = fixedPoint(sum == 0 ? shares[t] : shares[t] / sum);
            }
        }
        return taps;
    }

    /** The input after the last one that any output needs. */
    int end() {
        int last = first.length - 1;
        return first[last] + count[last];
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
