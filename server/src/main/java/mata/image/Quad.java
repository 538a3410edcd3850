package mata.image;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Four corners, clockwise from the top left: {@code x0, y0, … x3, y3}.
 *
 * @param shortSide in pixels
 * @param longSide in pixels
 */
@SuppressWarnings("ArrayRecordComponent") // eight numbers on their way, never compared
public record Quad(float[] corners, float shortSide, float longSide) {

    /** From corners in any order; its sides are measured. */
    public static Quad of(float[] corners) {
        float[] around = ordered(corners, 0, 0).corners;
        return ordered(around, side(around, 0, 1), side(around, 0, 3));
    }

    private static float side(float[] corners, int one, int other) {
        return (float) Math.hypot(corners[2 * one] - corners[2 * other], corners[2 * one + 1] - corners[2 * other + 1]);
    }

    /** From a rectangle's corners in any order: of the two on the left the upper one comes first, and so on around. */
    static Quad ordered(float[] corners, float side, float otherSide) {
        Integer[] byX = IntStream.range(0, 4)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> corners[2 * i]))
                .toArray(Integer[]::new);
        Arrays.sort(byX, 0, 2, Comparator.comparingDouble(i -> corners[2 * i + 1]));
        Arrays.sort(byX, 2, 4, Comparator.comparingDouble(i -> corners[2 * i + 1]));
        var around = new float[8];
        int to = 0;
        for (int i : new int[] {byX[0], byX[2], byX[3], byX[1]}) {
            around[to++] = corners[2 * i];
            around[to++] = corners[2 * i + 1];
        }
        return new Quad(around, Math.min(side, otherSide), Math.max(side, otherSide));
    }
}
