package mata.track;

/**
 * How the camera's movement shifted the picture from the last frame to this one, in pixels of the picture as shown: what was
 * at {@code x, y} is now at {@code xx·x + xy·y + tx, yx·x + yy·y + ty}.
 */
public record Motion(double xx, double xy, double tx, double yx, double yy, double ty) {

    /** The camera stood still, or nobody knows. */
    public static final Motion NONE = new Motion(1, 0, 0, 0, 1, 0);

    public Motion {
        if (!Double.isFinite(xx + xy + tx + yx + yy + ty)) {
            throw new IllegalArgumentException("a motion of numbers that are not finite");
        }
    }
}
