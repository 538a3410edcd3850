package mata.image;

import java.util.Arrays;

/**
 * Tensor interpolation (spec 3.4, last paragraph): masks, logits, depth. No antialias, half-pixel centres, borders
 * repeated. Not to be mistaken for {@link Resizer}, whose pixels differ.
 *
 * <p>Planes are row by row; sizes are height before width.
 */
public final class Interpolate {

    private Interpolate() {}

    public static float[] bilinear(float[] source, int height, int width, int toHeight, int toWidth) {
        return bilinear(source, 0, height, width, toHeight, toWidth);
    }

    /** One plane of a larger tensor, which begins at {@code from}. */
    public static float[] bilinear(float[] source, int from, int height, int width, int toHeight, int toWidth) {
        return separable(source, from, width, Axis.linear(height, toHeight), Axis.linear(width, toWidth));
    }

    /** Rows and columns of a target. */
    public record Part(int top, int left, int height, int width) {}

    /** Only part of the target, with the values that the whole would have there. */
    public static float[] bilinear(
            float[] source, int from, int height, int width, int toHeight, int toWidth, Part part) {
        return separable(
                source,
                from,
                width,
                Axis.linear(height, toHeight).part(part.top, part.height),
                Axis.linear(width, toWidth).part(part.left, part.width));
    }

    /** Keys' cubic with a = -0.75. Values may overshoot those of the source. */
    public static float[] bicubic(float[] source, int height, int width, int toHeight, int toWidth) {
        return bicubic(source, 0, height, width, toHeight, toWidth);
    }

    /** One plane of a larger tensor, which begins at {@code from}. */
    public static float[] bicubic(float[] source, int from, int height, int width, int toHeight, int toWidth) {
        return separable(source, from, width, Axis.cubic(height, toHeight), Axis.cubic(width, toWidth));
    }

    public static float[] nearest(float[] source, int height, int width, int toHeight, int toWidth) {
        return nearest(source, 0, height, width, toHeight, toWidth);
    }

    /** One plane of a larger tensor, which begins at {@code from}. */
    public static float[] nearest(float[] source, int from, int height, int width, int toHeight, int toWidth) {
        int[] rows = nearest(height, toHeight);
        int[] columns = nearest(width, toWidth);
        var target = new float[Math.multiplyExact(toHeight, toWidth)];
        int to = 0;
        for (int row : rows) {
            for (int column : columns) {
                target[to++] = source[from + row * width + column];
            }
        }
        return target;
    }

    private static int[] nearest(int in, int out) {
        float scale = (float) in / out;
        var picked = new int[out];
        for (int i = 0; i < out; i++) {
            picked[i] = Math.min((int) (i * scale), in - 1);
        }
        return picked;
    }

    /**
     * Along the rows first, then down the columns, as the reference sums up. A source row is widened once, however many
     * target rows it serves.
     */
    private static float[] separable(float[] source, int from, int width, Axis rows, Axis columns) {
        int toHeight = rows.length();
        int toWidth = columns.length();
        var target = new float[Math.multiplyExact(toHeight, toWidth)];
        var wide = new float[rows.taps()][toWidth];
        var held = new int[rows.taps()];
        Arrays.fill(held, -1);
        var mixed = new float[toWidth];
        for (int row = 0; row < toHeight; row++) {
            Arrays.fill(mixed, 0);
            for (int tap = 0; tap < rows.taps(); tap++) {
                int needed = rows.index(row, tap);
                int slot = needed % rows.taps();
                if (held[slot] != needed) {
                    widen(source, from + needed * width, columns, wide[slot]);
                    held[slot] = needed;
                }
                addWeighted(mixed, wide[slot], rows.weight(row, tap));
            }
            System.arraycopy(mixed, 0, target, row * toWidth, toWidth);
        }
        return target;
    }

    private static void widen(float[] source, int from, Axis columns, float[] wide) {
        int at = 0;
        for (int column = 0; column < wide.length; column++) {
            float sum = 0;
            for (int tap = 0; tap < columns.taps(); tap++, at++) {
                sum += columns.weights[at] * source[from + columns.indices[at]];
            }
            wide[column] = sum;
        }
    }

    /** Both at the same index, so that the compiler vectorises. */
    private static void addWeighted(float[] sums, float[] values, float weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * values[i];
        }
    }

    /** For each output: {@code taps} neighbouring inputs (clamped to the border) and their weights, one output after the other. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    private record Axis(int taps, int[] indices, float[] weights) {

        Axis(int in, int out, int taps) {
            this(taps, new int[out * taps], new float[out * taps]);
            if (in < 1 || out < 1) {
                throw new IllegalArgumentException("from " + in + " to " + out + " values");
            }
        }

        static Axis linear(int in, int out) {
            var axis = new Axis(in, out, 2);
            float scale = (float) in / out;
            for (int i = 0; i < out; i++) {
                float position = Math.max(0, scale * (i + 0.5f) - 0.5f);
                int lower = Math.min((int) position, in - 1);
                float share = Math.clamp(position - lower, 0, 1);
                axis.set(i, 0, lower, in, 1 - share);
                axis.set(i, 1, lower + 1, in, share);
            }
            return axis;
        }

        static Axis cubic(int in, int out) {
            var axis = new Axis(in, out, 4);
            float scale = (float) in / out;
            for (int i = 0; i < out; i++) {
                float position = scale * (i + 0.5f) - 0.5f;
                int lower = (int) Math.floor(position);
                float share = position - lower;
                axis.set(i, 0, lower - 1, in, outer(share + 1));
                axis.set(i, 1, lower, in, inner(share));
                axis.set(i, 2, lower + 1, in, inner(1 - share));
                axis.set(i, 3, lower + 2, in, outer(2 - share));
            }
            return axis;
        }

        private static final float A = -0.75f;

        /** Keys' cubic for distances up to 1. */
        private static float inner(float x) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }

        /** Keys' cubic for distances from 1 to 2. */
        private static float outer(float x) {
            return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
        }

        private void set(int output, int tap, int index, int in, float weight) {
            indices[output * taps + tap] = Math.clamp(index, 0, in - 1);
            weights[output * taps + tap] = weight;
        }

        Axis part(int first, int count) {
            return new Axis(
                    taps,
                    Arrays.copyOfRange(indices, first * taps, (first + count) * taps),
                    Arrays.copyOfRange(weights, first * taps, (first + count) * taps));
        }

        int length() {
            return indices.length / taps;
        }

        int index(int output, int tap) {
            return indices[output * taps + tap];
        }

        float weight(int output, int tap) {
            return weights[output * taps + tap];
        }
    }
}
