package mata.vision.ppocr;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mata.image.BitMask;
import mata.image.Contours;
import mata.image.Quad;
import mata.result.FloatGrid;

/** From the detector's map of probabilities to boxes around lines of text: "differentiable binarisation", DB. */
final class DbBoxes {

    /** Lines whose tops differ by less stand beside each other. */
    private static final float SAME_LINE = 10;

    /** Boxes with a side up to this, in pixels of the canvas, are dropped. */
    private static final int TOO_SHORT = 3;

    private DbBoxes() {}

    /**
     * @param map of the whole canvas, at the detector's size
     * @return in reading order, in whole pixels of a canvas of this width and height
     */
    static List<Quad> find(FloatGrid map, int width, int height, DetectorSettings settings) {
        List<float[]> outlines = Contours.all(dilated(on(map, settings.on()), settings.dilation()));
        List<Quad> boxes = new ArrayList<>();
        for (float[] outline : outlines.subList(0, Math.min(outlines.size(), settings.most()))) {
            Quad box = Contours.smallestRectangle(outline);
            if (box.shortSide() < settings.shortestSide() || Contours.mean(map, box.corners()) < settings.least()) {
                continue;
            }
            Quad grown = grow(box, settings.growth());
            if (grown.shortSide() < settings.shortestSide() + 2) {
                continue;
            }
            Quad placed = place(grown, (float) width / map.width(), (float) height / map.height(), width, height);
            if ((int) placed.shortSide() > TOO_SHORT) {
                boxes.add(placed);
            }
        }
        return inReadingOrder(boxes);
    }

    private static BitMask on(FloatGrid map, float threshold) {
        float[] values = map.values();
        var bits = new byte[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (values[i] > threshold ? 1 : 0);
        }
        return new BitMask(map.width(), map.height(), bits);
    }

    private static BitMask dilated(BitMask mask, int side) {
        return side > 1 ? Contours.dilate(mask, side, side) : mask;
    }

    /**
     * Every side moves outwards by {@link #distance}. The reference joins the moved sides by arcs and takes the smallest
     * rectangle around them all, which is the one around the moved sides. Its polygons have whole coordinates: corners are cut
     * to whole pixels before, and rounded after.
     */
    static Quad grow(Quad box, double ratio) {
        double distance = distance(box, ratio);
        float[] corners = box.corners();
        var moved = new float[16];
        for (int i = 0; i < 8; i += 2) {
            int next = (i + 2) % 8;
            int x = (int) corners[i];
            int y = (int) corners[i + 1];
            int nextX = (int) corners[next];
            int nextY = (int) corners[next + 1];
            double outwards = distance / Math.hypot(nextX - x, nextY - y);
            double dx = (nextY - y) * outwards;
            double dy = (x - nextX) * outwards;
            moved[2 * i] = Math.round(x + dx);
            moved[2 * i + 1] = Math.round(y + dy);
            moved[2 * i + 2] = Math.round(nextX + dx);
            moved[2 * i + 3] = Math.round(nextY + dy);
        }
        return Contours.smallestRectangle(moved);
    }

    /** {@code area * ratio / perimeter}, in pixels. */
    static double distance(Quad box, double ratio) {
        double area = (double) box.shortSide() * box.longSide();
        return area * ratio / (2 * ((double) box.shortSide() + box.longSide()));
    }

    /** From the map to the canvas: scaled, rounded, and cut to its pixels. */
    private static Quad place(Quad box, float scaleX, float scaleY, int width, int height) {
        var corners = new float[8];
        for (int i = 0; i < 8; i += 2) {
            corners[i] = Math.clamp((int) Math.rint(box.corners()[i] * scaleX), 0, width - 1);
            corners[i + 1] = Math.clamp((int) Math.rint(box.corners()[i + 1] * scaleY), 0, height - 1);
        }
        return Quad.of(corners);
    }

    /** By the top left corner's row, then column; neighbours of about the same row by column. */
    static List<Quad> inReadingOrder(List<Quad> boxes) {
        List<Quad> sorted = new ArrayList<>(boxes);
        sorted.sort(Comparator.comparingDouble(DbBoxes::top).thenComparingDouble(DbBoxes::left));
        for (int i = 1; i < sorted.size(); i++) {
            for (int j = i; j > 0 && isLeftOnTheSameLine(sorted.get(j), sorted.get(j - 1)); j--) {
                sorted.set(j, sorted.set(j - 1, sorted.get(j)));
            }
        }
        return sorted;
    }

    private static boolean isLeftOnTheSameLine(Quad one, Quad other) {
        return Math.abs(top(one) - top(other)) < SAME_LINE && left(one) < left(other);
    }

    private static float left(Quad box) {
        return box.corners()[0];
    }

    private static float top(Quad box) {
        return box.corners()[1];
    }
}
