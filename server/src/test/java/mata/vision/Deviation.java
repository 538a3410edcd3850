package mata.vision;

/**
 * How far an answer is from the reference's; NaN where a family has no such thing.
 *
 * @param pixels the farthest corner or joint
 * @param score the farthest confidence, or depth as a share of the map's range
 * @param iou the least overlap of a mask
 */
record Deviation(double pixels, double score, double iou) {

    static final Deviation NONE = new Deviation(Double.NaN, Double.NaN, Double.NaN);

    /** The worse of both. */
    Deviation and(Deviation other) {
        return new Deviation(most(pixels, other.pixels), most(score, other.score), -most(-iou, -other.iou));
    }

    private static double most(double a, double b) {
        return Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
    }
}
