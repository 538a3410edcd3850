package mata.vision.interpret;

import mata.image.Interpolate;
import mata.image.Interpolate.Part;

/**
 * Planes enlarged to a picture, a band of rows at a time: all of them at once would be gigabytes for a photo and a hundred
 * classes.
 */
final class Bands {

    /** Numbers held at a time. */
    private static final int MOST_VALUES = 1 << 22;

    private Bands() {}

    /** What is done with a band: {@code planes[i]} holds its rows of plane {@code i}, whole width, one after the other. */
    @FunctionalInterface
    interface Visitor {
        void visit(int firstRow, int rows, float[][] planes);
    }

    /** @param values {@code count} planes of {@code height} x {@code width} */
    static void enlarge(float[] values, int count, int height, int width, int toHeight, int toWidth, Visitor visitor) {
        int most = Math.clamp(MOST_VALUES / ((long) Math.max(1, count) * toWidth), 1, toHeight);
        var planes = new float[count][];
        for (int row = 0; row < toHeight; row += most) {
            int rows = Math.min(most, toHeight - row);
            for (int plane = 0; plane < count; plane++) {
                planes[plane] = Interpolate.bilinear(
                        values,
                        plane * height * width,
                        height,
                        width,
                        toHeight,
                        toWidth,
                        new Part(row, 0, rows, toWidth));
            }
            visitor.visit(row, rows, planes);
        }
    }
}
