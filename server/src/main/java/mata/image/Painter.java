package mata.image;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import mata.result.Box;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Lines, areas and captions on a copy of a frame, their sizes by the picture's. Everything is drawn over a dark edge, so
 * that it shows on light and dark photos alike. Not for several threads at once.
 */
final class Painter implements AutoCloseable {

    private static final int FONT = opencv_imgproc.FONT_HERSHEY_DUPLEX;
    private static final double CAPITALS = 21; // height of the font's capitals at scale 1, in pixels
    private static final double TINT = 0.45;
    private static final int DIGITS_OF_SUBPIXELS = 4;

    private final Mat pixels;
    private final int stroke;
    private final double fontScale;
    private final List<Rect> captions = new ArrayList<>();

    Painter(Frame frame) {
        pixels = OpenCv.mat(frame);
        stroke = Math.max(2, (int) Math.round((frame.width() + frame.height()) * 0.0014));
        fontScale = Math.max(12, 5.5 * stroke) / CAPITALS;
    }

    int width() {
        return pixels.cols();
    }

    int height() {
        return pixels.rows();
    }

    /** Of the usual line, in pixels. */
    int stroke() {
        return stroke;
    }

    /** From a line of text to the next, in pixels. */
    int lineHeight() {
        return (int) Math.round(fontScale * CAPITALS * 1.75);
    }

    Frame frame() {
        return OpenCv.frame(pixels);
    }

    /** Lays colours over the areas that are on, about half through; later ones over earlier ones. */
    void tint(List<BitMask> areas, List<Colour> colours) {
        try (Mat tinted = pixels.clone()) {
            for (int i = 0; i < areas.size(); i++) {
                BitMask area = areas.get(i);
                try (Mat bits = OpenCv.mat(area.bits(), area.width(), area.height());
                        Scalar colour = colours.get(i).scalar();
                        Mat plain = new Mat(area.height(), area.width(), opencv_core.CV_8UC3, colour)) {
                    plain.copyTo(tinted, bits);
                }
            }
            opencv_core.addWeighted(tinted, TINT, pixels, 1 - TINT, 0, pixels);
        }
    }

    void box(Box box, Colour colour) {
        ring(new float[] {box.x1(), box.y1(), box.x2(), box.y1(), box.x2(), box.y2(), box.x1(), box.y2()}, colour);
    }

    /** A closed line through {@code x, y} in turn. */
    void ring(float[] points, Colour colour) {
        polygon(points, Colour.BLACK, stroke + halo());
        polygon(points, colour, stroke);
    }

    /** The rim of a tinted area, which needs no dark edge. */
    void edge(float[] points, Colour colour) {
        polygon(points, colour, stroke);
    }

    private void polygon(float[] points, Colour colour, int thickness) {
        var fixed = new int[points.length];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = subpixels(points[i]);
        }
        try (IntPointer data = new IntPointer(fixed);
                Point corners = new Point(data);
                Scalar scalar = colour.scalar()) {
            opencv_imgproc.polylines(
                    pixels,
                    corners,
                    new int[] {fixed.length / 2},
                    1,
                    true,
                    scalar,
                    thickness,
                    opencv_imgproc.LINE_AA,
                    DIGITS_OF_SUBPIXELS);
        }
    }

    void line(float x1, float y1, float x2, float y2, Colour colour) {
        segment(x1, y1, x2, y2, Colour.BLACK, stroke + halo());
        segment(x1, y1, x2, y2, colour, stroke);
    }

    private void segment(float x1, float y1, float x2, float y2, Colour colour, int thickness) {
        try (Point from = new Point(subpixels(x1), subpixels(y1));
                Point to = new Point(subpixels(x2), subpixels(y2));
                Scalar scalar = colour.scalar()) {
            opencv_imgproc.line(pixels, from, to, scalar, thickness, opencv_imgproc.LINE_AA, DIGITS_OF_SUBPIXELS);
        }
    }

    /** A dot with a dark edge. */
    void dot(float x, float y, Colour colour) {
        disc(x, y, Colour.BLACK, stroke * 1.5f + halo() / 2f);
        disc(x, y, colour, stroke * 1.5f);
    }

    private void disc(float x, float y, Colour colour, float radius) {
        try (Point centre = new Point(subpixels(x), subpixels(y));
                Scalar scalar = colour.scalar()) {
            opencv_imgproc.circle(
                    pixels,
                    centre,
                    subpixels(radius),
                    scalar,
                    opencv_imgproc.FILLED,
                    opencv_imgproc.LINE_AA,
                    DIGITS_OF_SUBPIXELS);
        }
    }

    /** A caption in a coloured field at a box, where there is room: above it, else inside, below, or at its foot. */
    void caption(Box box, String text, Colour colour) {
        int left = Math.round(box.x1()) - stroke / 2;
        int top = Math.round(box.y1());
        int bottom = Math.round(box.y2());
        place(left, new int[] {top - captionHeight(), top, bottom, bottom - captionHeight()}, text, colour);
    }

    /** A caption in a coloured field around a point, or a little lower or higher where there is one already. */
    void captionAt(Contours.Pixel centre, String text, Colour colour) {
        int high = captionHeight();
        int top = centre.y() - high / 2;
        place(
                centre.x() - captionWidth(text) / 2,
                new int[] {top, top + high, top - high, top + 2 * high, top - 2 * high},
                text,
                colour);
    }

    /** @param tops where it may begin, the best first; the first is taken when none is free */
    private void place(int wantedLeft, int[] tops, String text, Colour colour) {
        int wide = captionWidth(text);
        int high = captionHeight();
        int left = Math.clamp(wantedLeft, 0, Math.max(0, width() - wide));
        int top = Math.clamp(tops[0], 0, Math.max(0, height() - high));
        for (int candidate : tops) {
            if (candidate >= 0 && candidate + high <= height() && isFree(left, candidate, wide, high)) {
                top = candidate;
                break;
            }
        }
        captions.add(new Rect(left, top, wide, high));
        field(left, top, wide, high, colour);
        text(left + captionPadding(), top + high - captionPadding(), text, colour.ink());
    }

    private int captionPadding() {
        return Math.max(4, stroke * 2);
    }

    private int captionWidth(String text) {
        return textWidth(text) + 2 * captionPadding();
    }

    private int captionHeight() {
        return (int) Math.round(fontScale * CAPITALS) + 2 * captionPadding();
    }

    private boolean isFree(int left, int top, int wide, int high) {
        return captions.stream()
                .noneMatch(other -> left < other.x() + other.width()
                        && other.x() < left + wide
                        && top < other.y() + other.height()
                        && other.y() < top + high);
    }

    void field(int left, int top, int wide, int high, Colour colour) {
        try (Rect area = new Rect(left, top, wide, high);
                Scalar scalar = colour.scalar()) {
            opencv_imgproc.rectangle(pixels, area, scalar, opencv_imgproc.FILLED, opencv_imgproc.LINE_8, 0);
        }
    }

    /** Darkens what lies under a panel, so that white text shows. */
    void shade(int left, int top, int wide, int high) {
        int right = Math.min(width(), left + wide);
        int bottom = Math.min(height(), top + high);
        try (Rect area = new Rect(
                        Math.max(0, left), Math.max(0, top), right - Math.max(0, left), bottom - Math.max(0, top));
                Mat part = pixels.apply(area)) {
            part.convertTo(part, -1, 0.28, 0);
        }
    }

    /** @param baseline where the letters stand, in pixels from above */
    void text(int left, int baseline, String text, Colour colour) {
        try (Point at = new Point(left, baseline);
                Scalar scalar = colour.scalar()) {
            opencv_imgproc.putText(
                    pixels, latin(text), at, FONT, fontScale, scalar, weight(), opencv_imgproc.LINE_AA, false);
        }
    }

    int textWidth(String text) {
        var baseline = new int[1];
        try (Size size = opencv_imgproc.getTextSize(latin(text), FONT, fontScale, weight(), baseline)) {
            return size.width();
        }
    }

    private int weight() {
        return Math.max(1, (int) Math.round(fontScale * 1.1));
    }

    /** Width of the dark edge, both sides together. */
    private int halo() {
        return Math.max(2, stroke / 2 * 2);
    }

    private static int subpixels(float pixels) {
        return Math.round(Math.clamp(pixels, -10_000, 100_000) * (1 << DIGITS_OF_SUBPIXELS));
    }

    /** The font has no letters but ASCII's: accents are dropped, the rest is shown as a dot. */
    private static String latin(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .replaceAll("[^ -~]", ".");
    }

    @Override
    public void close() {
        captions.forEach(Rect::close);
        pixels.close();
    }
}
