package mata.image;

import java.util.Arrays;

/**
 * Weighted sums of rows of pixels, in the fixed point of {@link Taps}, rounded to 8 bits a channel.
 *
 * <p>The loops are as the compiler likes them: each in a method of its own, over arrays that are all read at the same index,
 * and away from the byte access of {@link PackedRow}; otherwise it does not vectorise them, and a resize takes twice as long.
 */
final class PixelSums {

    private final int[] red;
    private final int[] green;
    private final int[] blue;

    PixelSums(int width) {
        red = new int[width];
        green = new int[width];
        blue = new int[width];
    }

    /**
     * Rows of pixels into one.
     *
     * @param rows as {@link PackedRow} has them
     * @param weights one a pixel, for as many of the rows as there are
     */
    void mix(int[][] rows, int[][] weights, int[] target) {
        mix(red, green, blue, rows, weights, target);
    }

    private static void mix(int[] red, int[] green, int[] blue, int[][] rows, int[][] weights, int[] target) {
        clear(red, green, blue);
        for (int row = 0; row < weights.length; row++) {
            add(red, green, blue, rows[row], weights[row]);
        }
        round(red, green, blue, target);
    }

    /** The first {@code count} rows of pixels into one; {@code weights} has one a row. */
    void mix(int[][] rows, int[] weights, int count, int[] target) {
        mix(red, green, blue, rows, weights, count, target);
    }

    private static void mix(int[] red, int[] green, int[] blue, int[][] rows, int[] weights, int count, int[] target) {
        clear(red, green, blue);
        for (int row = 0; row < count; row++) {
            add(red, green, blue, rows[row], weights[row]);
        }
        round(red, green, blue, target);
    }

    /** From half a level on, so that dropping the fraction rounds. */
    private static void clear(int[] red, int[] green, int[] blue) {
        Arrays.fill(red, Taps.HALF);
        Arrays.fill(green, Taps.HALF);
        Arrays.fill(blue, Taps.HALF);
    }

    private static void add(int[] red, int[] green, int[] blue, int[] pixels, int[] weights) {
        for (int i = 0; i < red.length; i++) {
            int pixel = pixels[i];
            int weight = weights[i];
            red[i] += weight * (pixel & 0xff);
            green[i] += weight * ((pixel >> 8) & 0xff);
            blue[i] += weight * ((pixel >> 16) & 0xff);
        }
    }

    private static void add(int[] red, int[] green, int[] blue, int[] pixels, int weight) {
        for (int i = 0; i < red.length; i++) {
            int pixel = pixels[i];
            red[i] += weight * (pixel & 0xff);
            green[i] += weight * ((pixel >> 8) & 0xff);
            blue[i] += weight * ((pixel >> 16) & 0xff);
        }
    }

    private static void round(int[] red, int[] green, int[] blue, int[] target) {
        for (int i = 0; i < red.length; i++) {
            target[i] = level(red[i]) | level(green[i]) << 8 | level(blue[i]) << 16;
        }
    }

    private static int level(int sum) {
        return Math.min(255, Math.max(0, sum >> Taps.BITS));
    }
}
