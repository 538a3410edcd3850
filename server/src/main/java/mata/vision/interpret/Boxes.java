package mata.vision.interpret;

import java.util.Comparator;
import java.util.List;
import mata.result.Box;
import mata.result.Detection;

/** Boxes on their way to the answer. */
public final class Boxes {

    private Boxes() {}

    /** From centre and size, in whatever unit. */
    public static Box ofCentre(float cx, float cy, float width, float height) {
        return new Box(cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2);
    }

    /** From centre and size as shares of a picture (0…1), at four values from {@code from} on, to its pixels. */
    public static Box ofShares(float[] values, int from, float width, float height) {
        Box shares = ofCentre(values[from], values[from + 1], values[from + 2], values[from + 3]);
        return new Box(shares.x1() * width, shares.y1() * height, shares.x2() * width, shares.y2() * height);
    }

    /** As answers show them: clipped to the picture, none without area, best first, equal ones in their own order. */
    public static List<Detection> shown(List<Detection> found, int width, int height) {
        return found.stream()
                .map(detection -> new Detection(
                        detection.label(),
                        detection.confidence(),
                        detection.box().clip(width, height)))
                .filter(detection -> detection.box().area() > 0)
                .sorted(Comparator.comparingDouble(Detection::confidence).reversed())
                .toList();
    }
}
