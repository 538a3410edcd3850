package mata.image;

import java.util.ArrayList;
import java.util.List;
import mata.result.FloatGrid;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.RotatedRect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** Outlines of masks and what is measured by them, as OpenCV does it. Points are {@code x0, y0, x1, y1, …} in pixels. */
public final class Contours {

    private Contours() {}

    /** Outlines from outside only. */
    public static List<float[]> outer(BitMask mask) {
        return find(mask, opencv_imgproc.RETR_EXTERNAL);
    }

    /** All outlines, those of holes too, in OpenCV's order. */
    public static List<float[]> all(BitMask mask) {
        return find(mask, opencv_imgproc.RETR_LIST);
    }

    private static List<float[]> find(BitMask mask, int which) {
        try (Mat bits = OpenCv.mat(mask.bits(), mask.width(), mask.height());
                MatVector found = new MatVector()) {
            opencv_imgproc.findContours(bits, found, which, opencv_imgproc.CHAIN_APPROX_SIMPLE);
            List<float[]> outlines = new ArrayList<>();
            for (long i = 0; i < found.size(); i++) {
                try (Mat outline = found.get(i)) {
                    outlines.add(points(outline));
                }
            }
            return outlines;
        }
    }

    private static float[] points(Mat outline) {
        var whole = new int[2 * outline.rows()];
        try (IntPointer data = new IntPointer(outline.data())) {
            data.get(whole);
        }
        var points = new float[whole.length];
        for (int i = 0; i < points.length; i++) {
            points[i] = whole[i];
        }
        return points;
    }

    record Pixel(int x, int y) {}

    /** The pixel that is farthest from all that is off. */
    static Pixel innermost(BitMask mask) {
        try (Mat bits = OpenCv.mat(mask.bits(), mask.width(), mask.height());
                Mat bordered = new Mat();
                Mat distance = new Mat();
                Scalar off = new Scalar(0);
                Point most = new Point()) {
            opencv_core.copyMakeBorder(bits, bordered, 1, 1, 1, 1, opencv_core.BORDER_CONSTANT, off);
            opencv_imgproc.distanceTransform(bordered, distance, opencv_imgproc.DIST_L2, 3);
            opencv_core.minMaxLoc(distance, new double[1], new double[1], null, most, null);
            return new Pixel(most.x() - 1, most.y() - 1);
        }
    }

    /** Grows what is on by a rectangle of {@code width} x {@code height}, to the right and down where that is even. */
    public static BitMask dilate(BitMask mask, int width, int height) {
        try (Mat bits = OpenCv.mat(mask.bits(), mask.width(), mask.height());
                Size size = new Size(width, height);
                Mat kernel = opencv_imgproc.getStructuringElement(opencv_imgproc.MORPH_RECT, size);
                Mat grown = new Mat()) {
            opencv_imgproc.dilate(bits, grown, kernel);
            var target = new byte[mask.bits().length];
            grown.data().get(target);
            return new BitMask(mask.width(), mask.height(), target);
        }
    }

    /** The smallest rectangle, at any angle, around at least one point. */
    public static Quad smallestRectangle(float[] points) {
        try (Mat matrix = OpenCv.points(points);
                RotatedRect rectangle = opencv_imgproc.minAreaRect(matrix);
                Mat corners = new Mat();
                var size = rectangle.size()) {
            opencv_imgproc.boxPoints(rectangle, corners);
            var four = new float[8];
            try (FloatPointer data = new FloatPointer(corners.data())) {
                data.get(four);
            }
            return Quad.ordered(four, size.width(), size.height());
        }
    }

    /**
     * Mean of the values whose pixels lie in a polygon, borders included; its corners are cut to whole pixels.
     *
     * @return 0 where the polygon lies outside the grid
     */
    public static float mean(FloatGrid grid, float[] polygon) {
        Span columns = Span.of(polygon, 0, grid.width());
        Span rows = Span.of(polygon, 1, grid.height());
        BitMask inside = fill(polygon, columns, rows);
        double sum = 0;
        int count = 0;
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < columns.size(); column++) {
                if (inside.bits()[row * columns.size() + column] != 0) {
                    sum += grid.at(rows.from() + row, columns.from() + column);
                    count++;
                }
            }
        }
        return count == 0 ? 0 : (float) (sum / count);
    }

    /** What lies in any of the polygons, borders included; their corners are cut to whole pixels. */
    static BitMask filled(List<float[]> polygons, int width, int height) {
        var bits = new byte[width * height];
        for (float[] polygon : polygons) {
            byte[] one = fill(polygon, new Span(0, width - 1), new Span(0, height - 1))
                    .bits();
            for (int i = 0; i < bits.length; i++) {
                bits[i] |= one[i];
            }
        }
        return new BitMask(width, height, bits);
    }

    private static BitMask fill(float[] polygon, Span columns, Span rows) {
        var corners = new int[polygon.length];
        for (int i = 0; i < corners.length; i += 2) {
            corners[i] = (int) (polygon[i] - columns.from());
            corners[i + 1] = (int) (polygon[i + 1] - rows.from());
        }
        try (Mat bits = OpenCv.mat(new byte[rows.size() * columns.size()], columns.size(), rows.size());
                IntPointer data = new IntPointer(corners);
                Point points = new Point(data);
                Scalar one = new Scalar(1)) {
            opencv_imgproc.fillPoly(bits, points, new int[] {corners.length / 2}, 1, one);
            var target = new byte[rows.size() * columns.size()];
            bits.data().get(target);
            return new BitMask(columns.size(), rows.size(), target);
        }
    }

    /** The pixels along one axis that a polygon may touch. */
    private record Span(int from, int to) {

        static Span of(float[] polygon, int axis, int end) {
            float least = Float.MAX_VALUE;
            float most = -Float.MAX_VALUE;
            for (int i = axis; i < polygon.length; i += 2) {
                least = Math.min(least, polygon[i]);
                most = Math.max(most, polygon[i]);
            }
            return new Span(
                    Math.clamp((int) Math.floor(least), 0, end - 1), Math.clamp((int) Math.ceil(most), 0, end - 1));
        }

        int size() {
            return to - from + 1;
        }
    }
}
