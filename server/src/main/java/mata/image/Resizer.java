package mata.image;

import java.util.Arrays;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Changes the size of frames, bit for bit as the references of spec 3.4 and 5.3 do. */
public final class Resizer {

    private static final int CHANNELS = 3;

    private Resizer() {}

    /**
     * As the image library does it: antialiased when shrinking, the result of each pass rounded to 8 bits, horizontal
     * pass first. A frame that has the size already is returned itself.
     */
    public static Frame resize(Frame frame, int width, int height, Resample kernel) {
        if (width == frame.width() && height == frame.height()) {
            return frame;
        }
        if (kernel == Resample.NEAREST) {
            return nearest(frame, width, height);
        }
        if (height == frame.height()) {
            return horizontal(frame, width, 0, height, kernel);
        }
        Taps rows = Taps.of(frame.height(), height, kernel);
        if (width == frame.width()) {
            return vertical(frame, 0, height, rows);
        }
        int firstNeeded = rows.first()[0];
        return vertical(horizontal(frame, width, firstNeeded, rows.end(), kernel), firstNeeded, height, rows);
    }

    /** As OpenCV's {@code INTER_LINEAR}: two taps an axis, no antialias. YOLO and PP-OCR models were trained with it. */
    public static Frame linear(Frame frame, int width, int height) {
        if (width == frame.width() && height == frame.height()) {
            return frame;
        }
        try (Mat source = OpenCv.mat(frame);
                Mat resized = new Mat();
                Size size = new Size(width, height)) {
            opencv_imgproc.resize(source, resized, size, 0, 0, opencv_imgproc.INTER_LINEAR);
            return OpenCv.frame(resized);
        }
    }

    /** Rows {@code from} up to, not including, {@code to}, made {@code width} wide. */
    private static Frame horizontal(Frame frame, int width, int from, int to, Resample kernel) {
        Taps columns = Taps.of(frame.width(), width, kernel);
        var target = new byte[Math.multiplyExact(CHANNELS * width, to - from)];
        for (int row = from; row < to; row++) {
            resampleRow(frame.rgb(), row * frame.width() * CHANNELS, columns, target, (row - from) * width * CHANNELS);
        }
        return new Frame(width, to - from, target);
    }

    private static void resampleRow(byte[] source, int sourceAt, Taps taps, byte[] target, int targetAt) {
        int[] weights = taps.weights();
        int to = targetAt;
        for (int column = 0; column < taps.first().length; column++) {
            int from = sourceAt + taps.first()[column] * CHANNELS;
            int weightAt = column * taps.stride();
            int red = Taps.HALF;
            int green = Taps.HALF;
            int blue = Taps.HALF;
            for (int end = weightAt + taps.count()[column]; weightAt < end; weightAt++, from += CHANNELS) {
                int weight = weights[weightAt];
                red += weight * (source[from] & 0xff);
                green += weight * (source[from + 1] & 0xff);
                blue += weight * (source[from + 2] & 0xff);
            }
            target[to++] = clamped(red);
            target[to++] = clamped(green);
            target[to++] = clamped(blue);
        }
    }

    /** @param firstRow the row of the whole picture that {@code frame} begins with */
    private static Frame vertical(Frame frame, int firstRow, int height, Taps rows) {
        int length = frame.width() * CHANNELS;
        var target = new byte[Math.multiplyExact(length, height)];
        var sums = new int[length];
        for (int row = 0; row < height; row++) {
            Arrays.fill(sums, Taps.HALF);
            for (int tap = 0; tap < rows.count()[row]; tap++) {
                int from = (rows.first()[row] + tap - firstRow) * length;
                addWeighted(sums, frame.rgb(), from, rows.weights()[row * rows.stride() + tap]);
            }
            store(sums, target, row * length);
        }
        return new Frame(frame.width(), height, target);
    }

    private static void addWeighted(int[] sums, byte[] source, int from, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += weight * (source[from + i] & 0xff);
        }
    }

    private static void store(int[] sums, byte[] target, int to) {
        for (int i = 0; i < sums.length; i++) {
            target[to + i] = clamped(sums[i]);
        }
    }

    private static byte clamped(int sum) {
        return (byte) Math.clamp(sum >> Taps.BITS, 0, 255);
    }

    /** Positions by repeated addition: the closed form picks another pixel in about one of six size pairs. */
    private static Frame nearest(Frame frame, int width, int height) {
        int[] columns = nearest(frame.width(), width);
        int[] rows = nearest(frame.height(), height);
        var target = new byte[Math.multiplyExact(CHANNELS * width, height)];
        int to = 0;
        for (int row : rows) {
            int rowAt = row * frame.width();
            for (int column : columns) {
                int from = (rowAt + column) * CHANNELS;
                target[to++] = frame.rgb()[from];
                target[to++] = frame.rgb()[from + 1];
                target[to++] = frame.rgb()[from + 2];
            }
        }
        return new Frame(width, height, target);
    }

    private static int[] nearest(int in, int out) {
        double scale = (double) in / out;
        var picked = new int[out];
        double position = scale * 0.5;
        for (int i = 0; i < out; i++) {
            picked[i] = (int) position;
            position += scale;
        }
        return picked;
    }
}
