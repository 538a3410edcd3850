package mata.vision.interpret;

import mata.result.Box;

/**
 * A box turned about its centre.
 *
 * @param angle in radians, from the x axis towards the y axis, which points down
 */
public record RotatedBox(float cx, float cy, float width, float height, float angle) {

    private static final double TINY = 1e-7;

    /** The upright box around it. */
    public Box enclosing() {
        double cos = Math.abs(Math.cos(angle));
        double sin = Math.abs(Math.sin(angle));
        return Boxes.ofCentre(cx, cy, (float) (width * cos + height * sin), (float) (width * sin + height * cos));
    }

    /**
     * Probabilistic IoU: 1 minus the Hellinger distance of the two boxes as Gaussians (Llerena et al., "Gaussian Bounding
     * Boxes and Probabilistic Intersection-over-Union for Object Detection", 2021), which YOLO's tool suppresses by.
     */
    public float overlap(RotatedBox other) {
        Covariance one = covariance();
        Covariance two = other.covariance();
        double a = one.a + two.a;
        double b = one.b + two.b;
        double c = one.c + two.c;
        double dx = cx - other.cx;
        double dy = cy - other.cy;
        double determinant = a * b - c * c + TINY;
        double distance = (a * dy * dy + b * dx * dx) / determinant / 4 + c * -dx * dy / determinant / 2;
        double spread =
                Math.log(determinant / (4 * Math.sqrt(one.determinant() * two.determinant()) + TINY) + TINY) / 2;
        double bhattacharyya = Math.clamp(distance + spread, TINY, 100);
        return (float) (1 - Math.sqrt(1 - Math.exp(-bhattacharyya) + TINY));
    }

    /** {@code [[a, c], [c, b]]} of a uniform density over the box. */
    private record Covariance(double a, double b, double c) {
        double determinant() {
            return Math.max(0, a * b - c * c);
        }
    }

    private Covariance covariance() {
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        double along = width * width / 12.0;
        double across = height * height / 12.0;
        return new Covariance(
                along * cos * cos + across * sin * sin,
                along * sin * sin + across * cos * cos,
                (along - across) * cos * sin);
    }
}
