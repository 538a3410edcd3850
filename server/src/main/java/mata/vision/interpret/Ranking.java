package mata.vision.interpret;

import java.util.Arrays;

/** Picks the best of many scores. */
public final class Ranking {

    private Ranking() {}

    /**
     * Indices of the scores above a threshold (strictly), best first, equal ones in their own order.
     *
     * @param most how many at most
     */
    public static int[] best(float[] scores, float above, int most) {
        var keys = new long[scores.length];
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (scores[i] > above) {
                keys[count++] = ((long) ~ascending(scores[i]) << 32) | i;
            }
        }
        Arrays.sort(keys, 0, count);
        var indices = new int[Math.min(count, most)];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) keys[i];
        }
        return indices;
    }

    /** All of them, best first. */
    public static int[] all(float[] scores) {
        return best(scores, Float.NEGATIVE_INFINITY, scores.length);
    }

    /** Bits that compare as whole numbers the way the floats do. */
    private static int ascending(float score) {
        int bits = Float.floatToIntBits(score + 0f); // one zero, not two
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }
}
