package mata.image;

import java.util.Arrays;
import mata.track.Grey;
import mata.track.Motion;
import mata.track.MotionEstimator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_calib3d;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_video;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * The camera's motion by sparse optical flow, as the published BoT-SORT finds it (onnx-models.md section 14): corners of the
 * frame before, at half size, are looked for in this one; the turn, zoom and shift that most of them agree on is the
 * camera's. Has no state; safe to share between threads.
 */
public final class OpticalFlow implements MotionEstimator {

    private static final int DOWNSCALE = 2;
    private static final int MOST_CORNERS = 1000;
    private static final double CORNER_QUALITY = 0.01;
    private static final double CORNER_DISTANCE = 1;
    private static final int CORNER_BLOCK = 3;
    /** Fewer points that were found again say nothing. */
    private static final int FEWEST_POINTS = 5;

    /** The brightness that {@link #between} works on. */
    public static Grey grey(Frame frame) {
        try (Mat rgb = OpenCv.mat(frame);
                Mat grey = new Mat()) {
            opencv_imgproc.cvtColor(rgb, grey, opencv_imgproc.COLOR_RGB2GRAY);
            var pixels = new byte[frame.width() * frame.height()];
            try (BytePointer data = grey.data()) {
                data.get(pixels);
            }
            return new Grey(frame.width(), frame.height(), pixels);
        }
    }

    @Override
    public Motion between(Grey before, Grey now) {
        if (before.width() != now.width()
                || before.height() != now.height()
                || Math.min(now.width(), now.height()) < DOWNSCALE) {
            return Motion.NONE;
        }
        try (Mat first = halved(before);
                Mat second = halved(now);
                Mat corners = corners(first)) {
            return corners.rows() < FEWEST_POINTS ? Motion.NONE : motion(first, second, corners);
        }
    }

    private static Mat halved(Grey grey) {
        try (Mat full = OpenCv.mat(grey.pixels(), grey.width(), grey.height());
                Size size = new Size(grey.width() / DOWNSCALE, grey.height() / DOWNSCALE)) {
            Mat halved = new Mat();
            opencv_imgproc.resize(full, halved, size);
            return halved;
        }
    }

    /** Places as 32-bit x, y, one a row. */
    private static Mat corners(Mat grey) {
        Mat corners = new Mat();
        try (Mat everywhere = new Mat()) {
            opencv_imgproc.goodFeaturesToTrack(
                    grey,
                    corners,
                    MOST_CORNERS,
                    CORNER_QUALITY,
                    CORNER_DISTANCE,
                    everywhere,
                    CORNER_BLOCK,
                    false,
                    0.04); // Harris' k, left unused
        }
        return corners;
    }

    private static Motion motion(Mat first, Mat second, Mat corners) {
        try (Mat moved = new Mat();
                Mat found = new Mat();
                Mat errors = new Mat()) {
            opencv_video.calcOpticalFlowPyrLK(first, second, corners, moved, found, errors);
            byte[] kept = bytes(found);
            try (Mat from = points(corners, kept);
                    Mat to = points(moved, kept)) {
                return from.rows() < FEWEST_POINTS ? Motion.NONE : agreed(from, to);
            }
        }
    }

    private static Motion agreed(Mat from, Mat to) {
        try (Mat affine = opencv_calib3d.estimateAffinePartial2D(from, to)) {
            if (affine.empty()) {
                return Motion.NONE;
            }
            double[] a = new double[6];
            try (BytePointer data = affine.data();
                    DoublePointer numbers = new DoublePointer(data)) {
                numbers.get(a);
            }
            return Arrays.stream(a).allMatch(Double::isFinite)
                    ? new Motion(a[0], a[1], a[2] * DOWNSCALE, a[3], a[4], a[5] * DOWNSCALE)
                    : Motion.NONE;
        }
    }

    private static byte[] bytes(Mat mat) {
        var bytes = new byte[mat.rows() * mat.cols()];
        try (BytePointer data = mat.data()) {
            data.get(bytes);
        }
        return bytes;
    }

    /** The points whose flag is set. */
    private static Mat points(Mat all, byte[] kept) {
        var numbers = new float[2 * kept.length];
        try (BytePointer data = all.data();
                FloatPointer floats = new FloatPointer(data)) {
            floats.get(numbers);
        }
        int count = 0;
        for (int i = 0; i < kept.length; i++) {
            if (kept[i] != 0) {
                numbers[2 * count] = numbers[2 * i];
                numbers[2 * count + 1] = numbers[2 * i + 1];
                count++;
            }
        }
        Mat points = new Mat(count, 1, opencv_core.CV_32FC2);
        if (count > 0) {
            try (BytePointer data = points.data();
                    FloatPointer floats = new FloatPointer(data)) {
                floats.put(numbers, 0, 2 * count);
            }
        }
        return points;
    }
}
