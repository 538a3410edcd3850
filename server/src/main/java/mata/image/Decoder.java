package mata.image;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;

import mata.picture.PictureFormat;
import mata.picture.PictureHeader;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/** Encoded pictures to frames, as the reference decodes them (spec 3.1). May be used by many threads at once. */
public final class Decoder {

    /** More would not fit one array. */
    private static final long MOST_PIXELS = Integer.MAX_VALUE / 3;

    private Decoder() {}

    /**
     * The first picture in {@code encoded}, upright; alpha is dropped, 16-bit values by their high byte.
     *
     * @param maxPixels what the header may claim; beyond that nothing is decoded or allocated
     * @throws Rejected with {@code BadInput} for what is no picture, too large, cut off or broken. As in the reference, a
     *     picture that ends too early is refused whole, however much of it could be shown
     */
    public static Frame decode(byte[] encoded, long maxPixels) {
        PictureHeader header = PictureHeader.read(encoded);
        long most = Math.min(maxPixels, MOST_PIXELS);
        if (header.pixels() > most) {
            throw new Rejected(new Problem.BadInput("the picture has %d x %d = %d pixels; at most %d are taken"
                    .formatted(header.width(), header.height(), header.pixels(), most)));
        }
        try {
            return switch (header.format()) {
                case JPEG, PNG, WEBP, BMP -> colours(encoded, header);
                case GIF, TIFF -> withAlpha(encoded, header);
            };
        } catch (RuntimeException e) {
            throw e instanceof Rejected ? e : broken(header.format(), e);
        }
    }

    /** Where OpenCV drops alpha as the reference does. */
    private static Frame colours(byte[] encoded, PictureHeader header) {
        try (Mat stored = read(encoded, header.format(), IMREAD_COLOR_RGB);
                Mat upright = upright(stored, header.orientation())) {
            return OpenCv.frame(upright);
        }
    }

    /**
     * Where OpenCV blends alpha into the colours (which shows only while alpha is still there) and has turned the picture
     * already.
     */
    private static Frame withAlpha(byte[] encoded, PictureHeader header) {
        try (Mat stored = read(encoded, header.format(), IMREAD_UNCHANGED)) {
            if (isBlended(stored)) {
                return turned(JdkDecoder.decode(encoded, header), header.orientation());
            }
            try (Mat bytes = highBytes(stored, header.format());
                    Mat rgb = rgb(bytes)) {
                return OpenCv.frame(rgb);
            }
        }
    }

    private static Frame turned(Frame stored, int orientation) {
        try (Mat pixels = OpenCv.mat(stored);
                Mat upright = upright(pixels, orientation)) {
            return OpenCv.frame(upright);
        }
    }

    private static Mat read(byte[] encoded, PictureFormat format, int flags) {
        try (BytePointer bytes = OpenCv.bytes(encoded);
                Mat row = OpenCv.row(bytes)) {
            Mat stored = opencv_imgcodecs.imdecode(row, flags | IMREAD_IGNORE_ORIENTATION);
            if (stored.empty()) {
                stored.close();
                throw broken(format, null);
            }
            return stored;
        }
    }

    private static boolean isBlended(Mat stored) {
        if (stored.depth() != opencv_core.CV_8U || stored.channels() != 4) {
            return false;
        }
        try (Mat alpha = new Mat()) {
            opencv_core.extractChannel(stored, alpha, 3);
            var least = new double[1];
            opencv_core.minMaxLoc(alpha, least);
            return least[0] < 255;
        }
    }

    private static Mat highBytes(Mat stored, PictureFormat format) {
        return switch (stored.depth()) {
            case opencv_core.CV_8U -> new Mat(stored);
            case opencv_core.CV_16U -> {
                Mat bytes = new Mat();
                stored.convertTo(
                        bytes, opencv_core.CV_8U, 1 / 256.0, -127.5 / 256); // rounds, so half a step is taken off
                yield bytes;
            }
            default ->
                throw new Rejected(new Problem.BadInput(
                        "a " + format + " of 8 or 16 bits a sample is wanted; this one has others"));
        };
    }

    /** From OpenCV's order. */
    private static Mat rgb(Mat bytes) {
        Mat rgb = new Mat();
        opencv_imgproc.cvtColor(
                bytes,
                rgb,
                switch (bytes.channels()) {
                    case 1 -> opencv_imgproc.COLOR_GRAY2RGB;
                    case 3 -> opencv_imgproc.COLOR_BGR2RGB;
                    default -> opencv_imgproc.COLOR_BGRA2RGB;
                });
        return rgb;
    }

    /** @param orientation EXIF's value: how the stored rows and columns lie */
    private static Mat upright(Mat stored, int orientation) {
        Mat turned = new Mat();
        switch (orientation) {
            case 2 -> opencv_core.flip(stored, turned, 1);
            case 3 -> opencv_core.rotate(stored, turned, opencv_core.ROTATE_180);
            case 4 -> opencv_core.flip(stored, turned, 0);
            case 5 -> opencv_core.transpose(stored, turned);
            case 6 -> opencv_core.rotate(stored, turned, opencv_core.ROTATE_90_CLOCKWISE);
            case 7 -> {
                opencv_core.transpose(stored, turned);
                opencv_core.flip(turned, turned, -1);
            }
            case 8 -> opencv_core.rotate(stored, turned, opencv_core.ROTATE_90_COUNTERCLOCKWISE);
            default -> turned.put(stored); // shares the pixels
        }
        return turned;
    }

    private static Rejected broken(PictureFormat format, @Nullable Throwable cause) {
        var problem = new Problem.BadInput("the " + format + " cannot be decoded: it is cut off or broken");
        return cause == null ? new Rejected(problem) : new Rejected(problem, cause);
    }
}
