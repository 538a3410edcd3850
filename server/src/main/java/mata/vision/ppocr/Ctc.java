package mata.vision.ppocr;

import java.util.List;
import mata.vision.interpret.Scores;

/** Greedy decoding of connectionist temporal classification: of each step the best entry; repeats and blanks go. */
final class Ctc {

    private static final int BLANK = 0;

    private Ctc() {}

    /**
     * @param text what the kept entries spell
     * @param score mean probability of the kept steps; 0 where none was kept
     */
    record Line(String text, float score) {}

    /**
     * @param steps rows of probabilities, one after the other
     * @param from where the line's first row begins
     * @param alphabet an entry for each column, the first one unused
     */
    static Line decode(float[] steps, int from, int rows, List<String> alphabet) {
        int columns = alphabet.size();
        var text = new StringBuilder();
        double sum = 0;
        int kept = 0;
        int last = BLANK;
        for (int row = 0; row < rows; row++) {
            int at = from + row * columns;
            int entry = Scores.largest(steps, at, columns);
            if (entry != BLANK && entry != last) {
                text.append(alphabet.get(entry));
                sum += steps[at + entry];
                kept++;
            }
            last = entry;
        }
        return new Line(text.toString(), kept == 0 ? 0 : (float) (sum / kept));
    }
}
