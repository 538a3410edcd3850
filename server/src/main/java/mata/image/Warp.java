package mata.image;

import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** Cuts parts out of frames that do not lie along the pixels. */
public final class Warp {

    private static final int CHANNELS = 3;

    private Warp() {}

    /**
     * An upright part, scaled: pixel {@code (x, y)} of the target shows {@code (left + x * stepX, top + y * stepY)} of
     * the frame, between pixels by two linear taps an axis, black outside (spec 10.2).
     *
     * @param left where the target's first column lies, in pixels of the frame; need not be whole nor inside
     * @param top where its first row lies
     * @param stepX frame pixels a target pixel
     * @param stepY frame pixels a target pixel
     */
    public static Frame part(Frame frame, double left, double top, double stepX, double stepY, int width, int height) {
        var target = new byte[CHANNELS * width * height];
        int to = 0;
        for (int row = 0; row < height; row++) {
            double y = top + row * stepY;
            for (int column = 0; column < width; column++, to += CHANNELS) {
                double x = left + column * stepX;
                if (x >= 0 && y >= 0 && x <= frame.width() - 1 && y <= frame.height() - 1) {
                    blend(frame, x, y, target, to);
                }
            }
        }
        return new Frame(width, height, target);
    }

    private static void blend(Frame frame, double x, double y, byte[] target, int to) {
        int column = (int) x;
        int row = (int) y;
        int right = column + 1 < frame.width() ? CHANNELS : 0;
        int below = row + 1 < frame.height() ? CHANNELS * frame.width() : 0;
        int at = (row * frame.width() + column) * CHANNELS;
        double shareX = x - column;
        double shareY = y - row;
        byte[] rgb = frame.rgb();
        for (int channel = 0; channel < CHANNELS; channel++, at++) {
            double sum = (rgb[at] & 0xff) * (1 - shareY) * (1 - shareX); // added up in the reference's order
            sum += (rgb[at + right] & 0xff) * (1 - shareY) * shareX;
            sum += (rgb[at + below] & 0xff) * shareY * (1 - shareX);
            sum += (rgb[at + below + right] & 0xff) * shareY * shareX;
            target[to + channel] = (byte) (sum + 0.5);
        }
    }

    /**
     * What lies between four corners, made upright: as wide and high as its longer sides, cubic, with the border
     * repeated (spec 12.1).
     *
     * @param corners {@code x, y} in turn, clockwise from the top left
     */
    public static Frame straighten(Frame frame, float[] corners) {
        int width = Math.max(1, (int) Math.max(side(corners, 0, 1), side(corners, 2, 3)));
        int height = Math.max(1, (int) Math.max(side(corners, 0, 3), side(corners, 1, 2)));
        try (Mat source = OpenCv.mat(frame);
                Mat from = OpenCv.points(corners);
                Mat to = OpenCv.points(new float[] {0, 0, width, 0, width, height, 0, height});
                Mat transform = opencv_imgproc.getPerspectiveTransform(from, to);
                Mat target = new Mat();
                Size size = new Size(width, height);
                Scalar unused = new Scalar()) {
            opencv_imgproc.warpPerspective(
                    source, target, transform, size, opencv_imgproc.INTER_CUBIC, opencv_core.BORDER_REPLICATE, unused);
            return OpenCv.frame(target);
        }
    }

    private static double side(float[] corners, int one, int other) {
        return Math.hypot(corners[2 * one] - corners[2 * other], corners[2 * one + 1] - corners[2 * other + 1]);
    }

    /** A quarter to the left. */
    public static Frame counterClockwise(Frame frame) {
        return rotate(frame, opencv_core.ROTATE_90_COUNTERCLOCKWISE);
    }

    /** Upside down. */
    public static Frame halfTurn(Frame frame) {
        return rotate(frame, opencv_core.ROTATE_180);
    }

    private static Frame rotate(Frame frame, int turn) {
        try (Mat source = OpenCv.mat(frame);
                Mat target = new Mat()) {
            opencv_core.rotate(source, target, turn);
            return OpenCv.frame(target);
        }
    }
}
