package mata.image;

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
        return kernel == Resample.NEAREST
                ? nearest(frame, width, height)
                : antialiased(frame, Taps.of(frame.width(), width, kernel), Taps.of(frame.height(), height, kernel));
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

    /**
     * Both passes at once: a source row is made as wide as the target the first time a target row needs it, and kept as
     * long as one may need it again.
     */
    private static Frame antialiased(Frame frame, Taps columns, Taps rows) {
        int width = columns.outputs();
        var target = new byte[Math.multiplyExact(CHANNELS * width, rows.outputs())];
        var widen = new RowWidener(frame, columns);
        var sums = new PixelSums(width);
        var wide = new int[rows.most()][width];
        var needed = new int[rows.most()][];
        var weights = new int[rows.most()];
        var mixed = new int[width];
        int made = rows.first()[0];
        for (int row = 0; row < rows.outputs(); row++) {
            int count = rows.count()[row];
            for (; made < rows.first()[row] + count; made++) {
                widen.row(made, wide[made % wide.length]);
            }
            for (int tap = 0; tap < count; tap++) {
                needed[tap] = wide[(rows.first()[row] + tap) % wide.length];
                weights[tap] = rows.weights()[tap][row];
            }
            sums.mix(needed, weights, count, mixed);
            PackedRow.write(mixed, target, row * width * CHANNELS);
        }
        return new Frame(width, rows.outputs(), target);
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
