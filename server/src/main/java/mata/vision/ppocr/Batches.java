package mata.vision.ppocr;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import mata.image.Frame;

/**
 * Which lines of one picture share a run: those of like length, six at a time, as the reference groups them. How far a line is
 * filled up depends on its company, and what is read a little on that: so only lines of one picture ever share.
 */
final class Batches {

    private static final int MOST = 6;

    private Batches() {}

    /** Places in {@code lines}. */
    static List<List<Integer>> of(List<Frame> lines) {
        List<Integer> byLength = IntStream.range(0, lines.size())
                .boxed()
                .sorted(Comparator.comparingDouble(i -> Strips.ratio(lines.get(i))))
                .toList();
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0; from < byLength.size(); from += MOST) {
            batches.add(byLength.subList(from, Math.min(from + MOST, byLength.size())));
        }
        return batches;
    }
}
