package mata.vision.ppocr;

/** Sides of pictures as the detector's strides want them. */
final class Multiples {

    private static final int STEP = 32;

    private Multiples() {}

    /** The nearest multiple of 32, half to even; 32 at the least. */
    static int of32(int side) {
        return Math.max(STEP, (int) Math.rint((double) side / STEP) * STEP);
    }
}
