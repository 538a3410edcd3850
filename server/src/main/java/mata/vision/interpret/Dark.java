package mata.vision.interpret;

/**
 * Where a heat map's peak lies between its pixels: "distribution-aware" refinement (spec 10.2; Zhang et al., "Distribution-Aware
 * Coordinate Representation for Human Pose Estimation", 2020), in double as the reference.
 */
public final class Dark {

    private static final double SIGMA = 0.8;

    private static final int RADIUS = 5;

    private static final double LEAST = 0.001;

    private static final double MOST = 50;

    /** Keeps a flat map's curvature from being no number. */
    private static final double TINY = 1.1920928955078125e-7;

    private static final double[] KERNEL = kernel();

    /** A peak in pixels of the map, and the value there; at (-1, -1) where no value is above 0. */
    public record Peak(double x, double y, float value) {}

    private final double[] map;
    private final int height;
    private final int width;

    private Dark(double[] map, int height, int width) {
        this.map = map;
        this.height = height;
        this.width = width;
    }

    private static double[] kernel() {
        var kernel = new double[2 * RADIUS + 1];
        double sum = 0;
        for (int i = 0; i < kernel.length; i++) {
            double distance = i - RADIUS;
            kernel[i] = Math.exp(-0.5 * distance * distance / (SIGMA * SIGMA));
            sum += kernel[i];
        }
        for (int i = 0; i < kernel.length; i++) {
            kernel[i] /= sum;
        }
        return kernel;
    }

    /** @param heat one map of {@code height} x {@code width} from {@code from} on */
    public static Peak peak(float[] heat, int from, int height, int width) {
        int best = Scores.largest(heat, from, height * width);
        float value = heat[from + best];
        if (value <= 0) {
            return new Peak(-1, -1, value);
        }
        return new Dark(blurredLogarithm(heat, from, height, width), height, width)
                .refined(best % width, best / width, value);
    }

    private static double[] blurredLogarithm(float[] heat, int from, int height, int width) {
        var down = new double[height * width];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double sum = 0;
                for (int tap = -RADIUS; tap <= RADIUS; tap++) {
                    sum += KERNEL[tap + RADIUS] * heat[from + mirrored(row + tap, height) * width + column];
                }
                down[row * width + column] = (float) sum; // the reference keeps float between the two passes
            }
        }
        var across = new double[height * width];
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                double sum = 0;
                for (int tap = -RADIUS; tap <= RADIUS; tap++) {
                    sum += KERNEL[tap + RADIUS] * down[row * width + mirrored(column + tap, width)];
                }
                across[row * width + column] = Math.log(Math.clamp((float) sum, LEAST, MOST));
            }
        }
        return across;
    }

    /** Beyond the border the picture is mirrored, its edge repeated: -1 is 0, -2 is 1. */
    private static int mirrored(int index, int length) {
        int period = Math.floorMod(index, 2 * length);
        return period < length ? period : 2 * length - 1 - period;
    }

    private Peak refined(int x, int y, float value) {
        double here = at(x, y);
        double dx = (at(x + 1, y) - at(x - 1, y)) / 2;
        double dy = (at(x, y + 1) - at(x, y - 1)) / 2;
        double dxx = at(x + 1, y) - 2 * here + at(x - 1, y) + TINY;
        double dyy = at(x, y + 1) - 2 * here + at(x, y - 1) + TINY;
        double dxy = (at(x + 1, y + 1)
                        - at(x + 1, y)
                        - at(x, y + 1)
                        + 2 * here
                        - at(x - 1, y)
                        - at(x, y - 1)
                        + at(x - 1, y - 1))
                / 2;
        double determinant = dxx * dyy - dxy * dxy;
        return new Peak(x - (dyy * dx - dxy * dy) / determinant, y - (dxx * dy - dxy * dx) / determinant, value);
    }

    /** Beyond the border the edge goes on. */
    private double at(int x, int y) {
        return map[Math.clamp(y, 0, height - 1) * width + Math.clamp(x, 0, width - 1)];
    }
}
