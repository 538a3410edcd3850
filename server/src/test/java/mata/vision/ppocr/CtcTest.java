package mata.vision.ppocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Values of spec 18. */
final class CtcTest {

    private static final List<String> ALPHABET = List.of("", "1", "2", "3", "4", "5", "6", "7");

    /** Rows in which one entry of the alphabet is the largest. */
    private static float[] steps(int[] largest, float[] probability) {
        var steps = new float[largest.length * ALPHABET.size()];
        for (int row = 0; row < largest.length; row++) {
            steps[row * ALPHABET.size() + largest[row]] = probability[row];
        }
        return steps;
    }

    @Test
    void repeatsAndBlanksGoAndAnEntryAfterABlankStays() {
        float[] probability = {.9f, .8f, .99f, .95f, .6f, .7f, .98f, .97f};

        Ctc.Line line = Ctc.decode(steps(new int[] {0, 5, 5, 0, 5, 7, 7, 0}, probability), 0, 8, ALPHABET);

        assertThat(line.text()).isEqualTo("557");
        assertThat(line.score()).as("mean at positions 1, 4 and 5").isCloseTo((.8f + .6f + .7f) / 3, within(1e-6f));
    }

    @Test
    void aLineOfBlanksSaysNothing() {
        Ctc.Line line = Ctc.decode(steps(new int[] {0, 0}, new float[] {.9f, .9f}), 0, 2, ALPHABET);

        assertThat(line).isEqualTo(new Ctc.Line("", 0));
    }
}
