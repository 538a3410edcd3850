package mata.vision.interpret;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import mata.result.Box;

/** Non-maximum suppression (spec, section 4): of boxes that say the same, the best remains. */
public final class Nms {

    private Nms() {}

    /** How much two candidates overlap, 0 to 1. */
    @FunctionalInterface
    public interface Overlap {
        float of(int one, int other);
    }

    /**
     * @param order candidates, best first
     * @param classOf a candidate's class: only candidates of one class suppress each other
     * @param overlap above this (strictly) the lesser one goes
     * @param most how many may remain
     * @return those that remain, best first
     */
    public static int[] keep(int[] order, IntUnaryOperator classOf, Overlap measure, float overlap, int most) {
        var kept = new int[Math.min(order.length, most)];
        int count = 0;
        for (int candidate : order) {
            if (count == most) {
                break;
            }
            if (stands(candidate, kept, count, classOf, measure, overlap)) {
                kept[count++] = candidate;
            }
        }
        return java.util.Arrays.copyOf(kept, count);
    }

    private static boolean stands(
            int candidate, int[] kept, int count, IntUnaryOperator classOf, Overlap measure, float overlap) {
        for (int i = 0; i < count; i++) {
            if (classOf.applyAsInt(kept[i]) == classOf.applyAsInt(candidate)
                    && measure.of(kept[i], candidate) > overlap) {
                return false;
            }
        }
        return true;
    }

    /** Boxes of one class, as they come: best first. */
    public static List<Box> keep(List<Box> bestFirst, float overlap) {
        var order = new int[bestFirst.size()];
        java.util.Arrays.setAll(order, i -> i);
        List<Box> kept = new ArrayList<>();
        for (int i : keep(order, _ -> 0, (a, b) -> bestFirst.get(a).iou(bestFirst.get(b)), overlap, order.length)) {
            kept.add(bestFirst.get(i));
        }
        return kept;
    }
}
