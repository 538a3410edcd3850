package mata.vision.interpret;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mata.image.BitMask;

/**
 * Queries with a mask each, which claim the pixels of a picture: the reference's "compute segments" (spec 7.1, steps 2 to 5).
 * A pixel goes to the query whose weighted probability is highest there; a query that gets too little of what it wanted goes.
 */
public final class Claims {

    /** What a query has got in the end. */
    public record Segment(int label, float score, BitMask mask) {}

    /** Queries that may claim, with their masks' probabilities, one plane of {@code height} x {@code width} each. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    public record Queries(int[] labels, float[] scores, float[] masks, int height, int width) {}

    private final Queries queries;
    private final float maskThreshold;
    private final int width;
    private final int height;
    private final short[] owners;
    private final int[] got;
    private final int[] wanted;

    private Claims(Queries queries, int height, int width, float maskThreshold) {
        this.queries = queries;
        this.maskThreshold = maskThreshold;
        this.width = width;
        this.height = height;
        this.owners = new short[Math.multiplyExact(height, width)];
        this.got = new int[queries.scores.length];
        this.wanted = new int[queries.scores.length];
    }

    /**
     * @param maskThreshold from which weighted probability on a pixel counts as wanted
     * @param overlap the share of the wanted pixels that a query must have got: more than this
     * @param fused classes whose queries make one segment together
     * @return in the queries' order
     */
    public static List<Segment> settle(
            Queries queries, int toHeight, int toWidth, float maskThreshold, double overlap, Set<Integer> fused) {
        if (queries.scores.length == 0) {
            return List.of();
        }
        var claims = new Claims(queries, toHeight, toWidth, maskThreshold);
        Bands.enlarge(
                queries.masks, queries.scores.length, queries.height, queries.width, toHeight, toWidth, claims::claim);
        return claims.segments(overlap, fused);
    }

    private void claim(int firstRow, int rows, float[][] planes) {
        for (int i = 0; i < rows * width; i++) {
            int owner = 0;
            float most = Float.NEGATIVE_INFINITY;
            for (int query = 0; query < planes.length; query++) {
                float weighted = planes[query][i] * queries.scores[query];
                if (weighted >= maskThreshold) {
                    wanted[query]++;
                }
                if (weighted > most) {
                    most = weighted;
                    owner = query;
                }
            }
            owners[firstRow * width + i] = (short) owner;
            got[owner]++;
        }
    }

    private List<Segment> segments(double overlap, Set<Integer> fused) {
        List<Segment> segments = new ArrayList<>();
        for (int query = 0; query < got.length; query++) {
            if (stands(query, overlap)) {
                var segment = new Segment(queries.labels[query], queries.scores[query], mask(query));
                if (!fused.contains(segment.label) || !join(segments, segment)) {
                    segments.add(segment);
                }
            }
        }
        return segments;
    }

    /** The reference divides in float and compares in double, so that exactly 4/5 passes 0.8. */
    private boolean stands(int query, double overlap) {
        return got[query] > 0 && wanted[query] > 0 && (float) got[query] / wanted[query] > overlap;
    }

    /** To a segment of the same class, if there is one already; each segment stays one of its own in the list. */
    private static boolean join(List<Segment> segments, Segment more) {
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (segment.label == more.label) {
                byte[] bits = segment.mask.bits().clone();
                for (int pixel = 0; pixel < bits.length; pixel++) {
                    bits[pixel] |= more.mask.bits()[pixel];
                }
                var both = new BitMask(segment.mask.width(), segment.mask.height(), bits);
                segments.set(i, new Segment(segment.label, Math.max(segment.score, more.score), both));
                return true;
            }
        }
        return false;
    }

    private BitMask mask(int query) {
        var bits = new byte[owners.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (owners[i] == query ? 1 : 0);
        }
        return new BitMask(width, height, bits);
    }
}
