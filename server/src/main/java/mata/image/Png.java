package mata.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_FILTER;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_FILTER_NONE;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_STRATEGY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_STRATEGY_RLE;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Encodes PNG quickly rather than as small as can be. */
public final class Png {

    private Png() {}

    public static byte[] rgb(Frame frame) {
        try (Mat rgb = OpenCv.mat(frame);
                Mat bgr = new Mat();
                IntPointer settings = new IntPointer(IMWRITE_PNG_STRATEGY, IMWRITE_PNG_STRATEGY_RLE)) {
            opencv_imgproc.cvtColor(rgb, bgr, opencv_imgproc.COLOR_RGB2BGR);
            return encode(bgr, settings);
        }
    }

    /** 8-bit grey, row by row. Made for masks: few values, large areas. */
    public static byte[] grey(byte[] levels, int width, int height) {
        try (Mat grey = OpenCv.mat(levels, width, height);
                IntPointer settings = new IntPointer(
                        IMWRITE_PNG_STRATEGY, IMWRITE_PNG_STRATEGY_RLE, IMWRITE_PNG_FILTER, IMWRITE_PNG_FILTER_NONE)) {
            return encode(grey, settings);
        }
    }

    private static byte[] encode(Mat pixels, IntPointer settings) {
        try (BytePointer encoded = new BytePointer()) {
            if (!opencv_imgcodecs.imencode(".png", pixels, encoded, settings)) {
                throw new IllegalStateException(
                        "no PNG of %dx%d, type %d".formatted(pixels.cols(), pixels.rows(), pixels.type()));
            }
            var bytes = new byte[Math.toIntExact(encoded.limit())];
            encoded.get(bytes);
            return bytes;
        }
    }
}
