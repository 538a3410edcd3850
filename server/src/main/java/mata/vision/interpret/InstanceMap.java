package mata.vision.interpret;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mata.image.BitMask;
import mata.image.Interpolate;

/**
 * Instances of MaskFormer and Mask2Former (spec 7.3): the best of all queries' classes, each with the mask of its query. In the
 * map later ones cover earlier ones; what has no pixel left is gone.
 */
public final class InstanceMap {

    private static final short NOBODY = -1;

    private InstanceMap() {}

    private record Ranked(int label, float score) {}

    /**
     * @param shares of each query's classes, the last one "no object"
     * @param logits one plane of {@code height} x {@code width} a query
     * @return best first
     */
    public static List<Claims.Segment> of(
            float[][] shares, float[] logits, int height, int width, int toHeight, int toWidth, float least) {
        int classes = shares[0].length - 1;
        var flat = new float[shares.length * classes];
        for (int query = 0; query < shares.length; query++) {
            System.arraycopy(shares[query], 0, flat, query * classes, classes);
        }
        var owners = new short[Math.multiplyExact(toHeight, toWidth)];
        Arrays.fill(owners, NOBODY);
        List<Ranked> ranked = new ArrayList<>();
        for (int i : Ranking.best(flat, Float.NEGATIVE_INFINITY, shares.length)) {
            int from = i / classes * height * width;
            float score = flat[i] * meanInside(logits, from, height * width);
            float[] mask = Interpolate.nearest(logits, from, height, width, toHeight, toWidth);
            if (score >= least && cover(owners, mask, (short) ranked.size())) {
                ranked.add(new Ranked(i % classes, score));
            }
        }
        List<Claims.Segment> seen = new ArrayList<>();
        for (int i = 0; i < ranked.size(); i++) {
            BitMask mask = mask(owners, i, toHeight, toWidth);
            if (mask.area() > 0) {
                seen.add(new Claims.Segment(ranked.get(i).label, ranked.get(i).score, mask));
            }
        }
        return seen;
    }

    /** The mean probability where the mask is on. */
    private static float meanInside(float[] logits, int from, int length) {
        double sum = 0;
        int on = 0;
        for (int i = from; i < from + length; i++) {
            if (logits[i] > 0) {
                sum += Scores.sigmoid(logits[i]);
                on++;
            }
        }
        return (float) (sum / (on + 1e-6));
    }

    private static boolean cover(short[] owners, float[] mask, short owner) {
        boolean any = false;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] > 0) {
                owners[i] = owner;
                any = true;
            }
        }
        return any;
    }

    private static BitMask mask(short[] owners, int owner, int height, int width) {
        var bits = new byte[owners.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (owners[i] == owner ? 1 : 0);
        }
        return new BitMask(width, height, bits);
    }
}
