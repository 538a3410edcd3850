package mata.image;

import java.util.Arrays;

/** Weighted sums of rows of pixels, in the fixed point of {@link Taps}. One loop a method, so that each is vectorised. */
final class PixelSums {

    private final int[] red;
    private final int[] green;
    private final int[] blue;

    PixelSums(int width) {
        red = new int[width];
        green = new int[width];
        blue = new int[width];
    }

    /** Begins anew; from half a level on, so that dropping the fraction rounds. */
    void clear() {
        Arrays.fill(red, Taps.HALF);
        Arrays.fill(green, Taps.HALF);
        Arrays.fill(blue, Taps.HALF);
    }

    /** @param pixels as {@link PackedRow} has them */
    void add(int[] pixels, int weight) {
        for (int i = 0; i < red.length; i++) {
            int pixel = pixels[i];
            red[i] += weight * (pixel & 0xff);
            green[i] += weight * ((pixel >> 8) & 0xff);
            blue[i] += weight * ((pixel >> 16) & 0xff);
        }
    }

    /** @param weights one for each pixel */
    void add(int[] pixels, int[] weights) {
        for (int i = 0; i < red.length; i++) {
            int pixel = pixels[i];
            int weight = weights[i];
            red[i] += weight * (pixel & 0xff);
            green[i] += weight * ((pixel >> 8) & 0xff);
            blue[i] += weight * ((pixel >> 16) & 0xff);
        }
    }

    /** The sums as pixels of 8 bits a channel. */
    void round(int[] pixels) {
        for (int i = 0; i < red.length; i++) {
            pixels[i] = level(red[i]) | level(green[i]) << 8 | level(blue[i]) << 16;
        }
    }

    private static int level(int sum) {
        return Math.min(255, Math.max(0, sum >> Taps.BITS));
    }
}
