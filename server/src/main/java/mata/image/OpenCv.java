package mata.image;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** Frames in and out of OpenCV's native memory. Whoever gets a {@link Mat} closes it; nothing waits for the collector. The first thing to touch OpenCV must go through here. */
final class OpenCv {

    static {
        OpenCvLibraries.leaveMemoryToUs();
        opencv_core.setNumThreads(1); // cores are shared out among readers, not within a picture
    }

    private OpenCv() {}

    /** A copy in native memory. */
    static BytePointer bytes(byte[] bytes) {
        return new BytePointer(bytes);
    }

    /** A copy in native memory: 8-bit, three channels, in the frame's own order (RGB). */
    static Mat mat(Frame frame) {
        Mat mat = new Mat(frame.height(), frame.width(), opencv_core.CV_8UC3);
        try (BytePointer data = mat.data()) {
            data.put(frame.rgb(), 0, frame.rgb().length);
        }
        return mat;
    }

    /** A copy in native memory: 8-bit, one channel. */
    static Mat mat(byte[] values, int width, int height) {
        Mat mat = new Mat(height, width, opencv_core.CV_8UC1);
        try (BytePointer data = mat.data()) {
            data.put(values, 0, Math.multiplyExact(width, height));
        }
        return mat;
    }

    /** Points {@code x0, y0, x1, y1, …} as the matrix of n rows and two channels that contour functions take. */
    static Mat points(float[] points) {
        Mat mat = new Mat(points.length / 2, 1, opencv_core.CV_32FC2);
        try (FloatPointer data = new FloatPointer(mat.data())) {
            data.put(points, 0, points.length);
        }
        return mat;
    }

    /** Bytes as a matrix of one row. Close {@code bytes} after it. */
    static Mat row(BytePointer bytes) {
        return new Mat(1, Math.toIntExact(bytes.limit()), opencv_core.CV_8UC1, bytes);
    }

    /** A copy of an 8-bit, three-channel RGB matrix without gaps between its rows. */
    static Frame frame(Mat mat) {
        var rgb = new byte[Math.multiplyExact(3 * mat.rows(), mat.cols())];
        try (BytePointer data = mat.data()) {
            data.get(rgb, 0, rgb.length);
        }
        return new Frame(mat.cols(), mat.rows(), rgb);
    }
}
