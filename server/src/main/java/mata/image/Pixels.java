package mata.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Cuts frames, pads them, and turns them into the numbers a graph takes. */
public final class Pixels {

    private static final int CHANNELS = 3;

    private Pixels() {}

    /**
     * Planes, one channel after the other: {@code (value * scale + offset - mean) / std}.
     *
     * @param mean one value each for red, green and blue, whatever {@code bgr} says: channels change places after
     *     normalising (spec 3.2)
     * @param std as {@code mean}
     * @param bgr blue plane first
     * @return 3 x height x width, direct, in native order
     */
    public static FloatBuffer chw(Frame frame, double scale, double offset, float[] mean, float[] std, boolean bgr) {
        FloatBuffer planes = ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES, frame.rgb().length))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        chw(frame, scale, offset, mean, std, bgr, planes);
        return planes.flip();
    }

    /** As the other one, but into {@code planes} from its position on, which moves behind what was written. */
    public static void chw(
            Frame frame, double scale, double offset, float[] mean, float[] std, boolean bgr, FloatBuffer planes) {
        var plane = new float[frame.width() * frame.height()];
        for (int i = 0; i < CHANNELS; i++) {
            int channel = bgr ? CHANNELS - 1 - i : i;
            look(frame.rgb(), channel, table(scale, offset, mean[channel], std[channel]), plane);
            planes.put(plane);
        }
    }

    /** Rounded to float after each step, as the reference rounds. */
    private static float[] table(double scale, double offset, float mean, float std) {
        var table = new float[256];
        for (int value = 0; value < table.length; value++) {
            table[value] = ((float) (value * scale + offset) - mean) / std;
        }
        return table;
    }

    private static void look(byte[] rgb, int channel, float[] table, float[] plane) {
        int from = channel;
        for (int i = 0; i < plane.length; i++, from += CHANNELS) {
            plane[i] = table[rgb[from] & 0xff];
        }
    }

    /** The part from column {@code left} and row {@code top} on, which must lie inside the frame. */
    public static Frame crop(Frame frame, int left, int top, int width, int height) {
        if (left < 0 || top < 0 || width > frame.width() - left || height > frame.height() - top) {
            throw new IllegalArgumentException(
                    "%dx%d at (%d, %d) of %dx%d".formatted(width, height, left, top, frame.width(), frame.height()));
        }
        if (width == frame.width() && height == frame.height()) {
            return frame;
        }
        var cut = new byte[CHANNELS * width * height];
        copy(frame, left, top, width, height, cut, width, 0, 0);
        return new Frame(width, height, cut);
    }

    /** A border all around, every channel {@code value} (0 to 255). */
    public static Frame pad(Frame frame, int top, int bottom, int left, int right, int value) {
        if (top == 0 && bottom == 0 && left == 0 && right == 0) {
            return frame;
        }
        int width = left + frame.width() + right;
        int height = top + frame.height() + bottom;
        var padded = new byte[Math.multiplyExact(CHANNELS * width, height)];
        if (value != 0) {
            Arrays.fill(padded, (byte) value);
        }
        copy(frame, 0, 0, frame.width(), frame.height(), padded, width, left, top);
        return new Frame(width, height, padded);
    }

    /** The middle of the frame; what it lacks in size is filled with zeros first (spec 3.3). */
    public static Frame centreCrop(Frame frame, int height, int width) {
        int missingRows = Math.max(0, height - frame.height());
        int missingColumns = Math.max(0, width - frame.width());
        int topPad = Math.ceilDiv(missingRows, 2);
        int leftPad = Math.ceilDiv(missingColumns, 2);
        Frame filled = pad(frame, topPad, missingRows - topPad, leftPad, missingColumns - leftPad, 0);
        return crop(filled, (filled.width() - width) / 2, (filled.height() - height) / 2, width, height);
    }

    /** One frame to the left of another of the same height. */
    static Frame besides(Frame left, Frame right) {
        Frame both = pad(left, 0, 0, 0, right.width(), 0);
        copy(right, 0, 0, right.width(), right.height(), both.rgb(), both.width(), left.width(), 0);
        return both;
    }

    /** One frame above another of the same width. */
    static Frame over(Frame upper, Frame lower) {
        Frame both = pad(upper, 0, lower.height(), 0, 0, 0);
        copy(lower, 0, 0, lower.width(), lower.height(), both.rgb(), both.width(), 0, upper.height());
        return both;
    }

    private static void copy(
            Frame from, int left, int top, int width, int height, byte[] to, int toWidth, int toLeft, int toTop) {
        for (int row = 0; row < height; row++) {
            int source = ((top + row) * from.width() + left) * CHANNELS;
            int target = ((toTop + row) * toWidth + toLeft) * CHANNELS;
            System.arraycopy(from.rgb(), source, to, target, width * CHANNELS);
        }
    }
}
