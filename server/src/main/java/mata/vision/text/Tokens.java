package mata.vision.text;

import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import mata.engine.Tensor;

/**
 * One text as a graph reads it.
 *
 * @param ids in the vocabulary
 * @param starts where in the text each token begins; {@link #NOWHERE} for special ones
 */
@SuppressWarnings("ArrayRecordComponent") // short-lived, never compared
public record Tokens(long[] ids, int[] starts) {

    public static final int NOWHERE = -1;

    public int count() {
        return ids.length;
    }

    public static int longest(List<Tokens> texts) {
        return texts.stream().mapToInt(Tokens::count).max().orElse(0);
    }

    /** {@code [texts, length]}, shorter ones filled up behind their end. */
    public static Tensor.Longs ids(List<Tokens> texts, int length, long filling) {
        var all = new long[texts.size() * length];
        Arrays.fill(all, filling);
        for (int i = 0; i < texts.size(); i++) {
            long[] ids = texts.get(i).ids;
            System.arraycopy(ids, 0, all, i * length, ids.length);
        }
        return new Tensor.Longs(LongBuffer.wrap(all), texts.size(), length);
    }

    /** {@code [texts, length]}: 1 on tokens, 0 on filling. */
    public static Tensor.Longs mask(List<Tokens> texts, int length) {
        var all = new long[texts.size() * length];
        for (int i = 0; i < texts.size(); i++) {
            Arrays.fill(all, i * length, i * length + texts.get(i).count(), 1);
        }
        return new Tensor.Longs(LongBuffer.wrap(all), texts.size(), length);
    }
}
