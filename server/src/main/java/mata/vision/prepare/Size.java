package mata.vision.prepare;

/** In pixels. */
public record Size(int height, int width) {

    public static Size square(int side) {
        return new Size(side, side);
    }

    int shorter() {
        return Math.min(height, width);
    }

    int longer() {
        return Math.max(height, width);
    }

    /** With these sides, the shorter one where ours is shorter. */
    Size oriented(int shorter, int longer) {
        return height <= width ? new Size(shorter, longer) : new Size(longer, shorter);
    }
}
