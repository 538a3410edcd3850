package mata.vision.ppocr;

import mata.image.Frame;
import mata.image.Pixels;
import mata.image.Resizer;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * A picture as all stages see it: neither too large nor too small, and with black bars above and below where it is so flat
 * that the detector would see a line and nothing around it. Knows the way back.
 *
 * @param source the picture as shown
 * @param frame what the stages work on
 * @param scaleX pixels of the canvas a pixel of the picture
 * @param scaleY likewise
 * @param bar rows of filling above
 */
record Canvas(Frame source, Frame frame, double scaleX, double scaleY, int bar) {

    private static final int LONGEST = 2000;

    private static final int SHORTEST = 30;

    private static final int FLATTEST = 8;

    /** Beyond this many pixels a canvas would cost gigabytes. Only pictures of a few rows or columns come near. */
    private static final long MOST_PIXELS = 1L << 24;

    /** @throws Rejected with {@code BadInput} for a picture too narrow to be enlarged */
    static Canvas of(Frame source) {
        Frame frame = source;
        int longest = Math.max(frame.width(), frame.height());
        if (longest > LONGEST) {
            frame = scaled(frame, (double) LONGEST / longest, source);
        }
        int shortest = Math.min(frame.width(), frame.height());
        if (shortest < SHORTEST) {
            frame = scaled(frame, (double) SHORTEST / shortest, source);
        }
        double scaleX = (double) frame.width() / source.width();
        double scaleY = (double) frame.height() / source.height();
        int bar = bar(frame.width(), frame.height());
        check(frame.width(), frame.height() + 2L * bar, source);
        return new Canvas(source, Pixels.pad(frame, bar, bar, 0, 0, 0), scaleX, scaleY, bar);
    }

    private static Frame scaled(Frame frame, double scale, Frame source) {
        int width = Multiples.of32((int) (frame.width() * scale));
        int height = Multiples.of32((int) (frame.height() * scale));
        check(width, height, source);
        return Resizer.linear(frame, width, height);
    }

    private static void check(long width, long height, Frame source) {
        if (width * height > MOST_PIXELS) {
            throw new Rejected(new Problem.BadInput("a picture of %dx%d is too narrow to be read: it would become %dx%d"
                    .formatted(source.width(), source.height(), width, height)));
        }
    }

    private static int bar(int width, int height) {
        if (height > SHORTEST && width <= FLATTEST * height) {
            return 0;
        }
        return Math.abs(Math.max(width / FLATTEST, SHORTEST) * 2 - height) / 2;
    }

    /** Corners {@code x, y} in turn, from the canvas to the picture, clipped to it. */
    float[] toSource(float[] corners) {
        var shown = new float[corners.length];
        for (int i = 0; i < corners.length; i += 2) {
            shown[i] = (float) Math.clamp(corners[i] / scaleX, 0, source.width());
            shown[i + 1] = (float) Math.clamp((corners[i + 1] - bar) / scaleY, 0, source.height());
        }
        return shown;
    }
}
