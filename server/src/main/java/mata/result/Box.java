package mata.result;

/** Corners in pixels of the picture as shown (after EXIF rotation); {@code x2, y2} lie outside the box. */
public record Box(float x1, float y1, float x2, float y2) {

    public float width() {
        return x2 - x1;
    }

    public float height() {
        return y2 - y1;
    }

    public float area() {
        return Math.max(0, width()) * Math.max(0, height());
    }

    public Box clip(float width, float height) {
        return new Box(
                Math.clamp(x1, 0, width),
                Math.clamp(y1, 0, height),
                Math.clamp(x2, 0, width),
                Math.clamp(y2, 0, height));
    }

    /** Intersection over union; areas without the "+1" of pixel-counting variants. */
    public float iou(Box other) {
        float w = Math.min(x2, other.x2) - Math.max(x1, other.x1);
        float h = Math.min(y2, other.y2) - Math.max(y1, other.y1);
        if (w <= 0 || h <= 0) {
            return 0;
        }
        float both = w * h;
        return both / (area() + other.area() - both);
    }
}
