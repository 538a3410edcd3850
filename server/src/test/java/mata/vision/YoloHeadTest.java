package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import mata.engine.Tensor;
import mata.problem.Rejected;
import mata.result.Box;
import mata.vision.YoloHead.Candidate;
import mata.vision.YoloHead.Form;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The output forms of spec 5.3. */
final class YoloHeadTest {

    private static Tensor.Floats output(int rows, int columns, float... values) {
        return new Tensor.Floats(FloatBuffer.wrap(values), 1, rows, columns);
    }

    private static List<Candidate> best(YoloHead head, Tensor.Floats output, float least) {
        return head.best(output, 640, 320, least, 0.7f);
    }

    @ParameterizedTest
    @CsvSource({
        "80, 0, 84, 8400, COLUMNS",
        "80, 0, 84, 84, COLUMNS",
        "5, 0, 9, 2100, COLUMNS",
        "0, 0, 84, 8400, COLUMNS",
        "80, 32, 116, 8400, COLUMNS",
        "1, 51, 56, 8400, COLUMNS",
        "15, 1, 20, 21504, COLUMNS",
        "2, 0, 6, 8400, COLUMNS",
        "80, 0, 25200, 85, ROWS",
        "1, 0, 25200, 6, ROWS",
        "0, 0, 25200, 85, ROWS",
        "80, 0, 300, 6, FINAL",
        "1, 0, 300, 6, FINAL",
        "0, 0, 300, 6, FINAL",
        "80, 32, 300, 38, FINAL",
        "80, 0, 300, 84, QUERIES",
        "0, 0, 300, 84, QUERIES"
    })
    void theShapeTellsTheForm(int classes, int extras, int rows, int columns, Form form) {
        assertThat(new YoloHead(classes, extras, false).form(rows, columns)).isEqualTo(form);
    }

    @Test
    void aShapeOfNoFormIsRefused() {
        assertThatThrownBy(() -> new YoloHead(80, 0, false).form(70, 8400))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("70x8400");
    }

    @Test
    void columnsHoldCentreSizeAndClassScores() {
        var head = new YoloHead(2, 0, false);

        List<Candidate> found = best(
                head,
                output(
                        6, 3, 10, 100, 200, // cx
                        20, 100, 200, // cy
                        4, 10, 20, // width
                        8, 10, 20, // height
                        0.1f, 0.9f, 0.2f, 0.3f, 0.1f, 0.2f),
                0.25f);

        assertThat(found).hasSize(2);
        assertThat(found.get(0).label()).isZero();
        assertThat(found.get(0).score()).isEqualTo(0.9f);
        assertThat(found.get(0).box()).isEqualTo(new Box(95, 95, 105, 105));
        assertThat(found.get(1).label()).isEqualTo(1);
        assertThat(found.get(1).box()).isEqualTo(new Box(8, 16, 12, 24));
    }

    @Test
    void ofOverlappingBoxesOfAClassTheBestRemains() {
        var head = new YoloHead(2, 0, false);

        List<Candidate> found = best(
                head,
                output(6, 3, 50, 50, 50, 50, 50, 50, 10, 10, 10, 10, 10, 10, 0.8f, 0.9f, 0.1f, 0, 0, 0.7f),
                0.25f);

        assertThat(found).extracting(Candidate::score).containsExactly(0.9f, 0.7f);
    }

    @Test
    void rowsMultiplyObjectnessWithTheClassScore() {
        var head = new YoloHead(2, 0, false);
        var values = new float[1001 * 7];
        System.arraycopy(new float[] {10, 20, 4, 8, 0.5f, 0.2f, 0.8f}, 0, values, 7, 7);

        List<Candidate> found = best(head, output(1001, 7, values), 0.25f);

        assertThat(found).singleElement().satisfies(candidate -> {
            assertThat(candidate.label()).isEqualTo(1);
            assertThat(candidate.score()).isEqualTo(0.4f);
            assertThat(candidate.box()).isEqualTo(new Box(8, 16, 12, 24));
        });
    }

    @Test
    void aFinalListIsOnlyThresholded() {
        var head = new YoloHead(80, 0, false);

        List<Candidate> found =
                best(head, output(3, 6, 1, 2, 3, 4, 0.3f, 7, 1, 2, 3, 4, 0.9f, 7, 5, 6, 7, 8, 0.25f, 1), 0.25f);

        assertThat(found).extracting(Candidate::score).containsExactly(0.9f, 0.3f);
        assertThat(found.getFirst().label()).isEqualTo(7);
        assertThat(found.getFirst().box()).isEqualTo(new Box(1, 2, 3, 4));
    }

    @Test
    void queriesAreSharesOfTheInputAndSuppressNothing() {
        var head = new YoloHead(3, 0, false);

        List<Candidate> found = best(
                head, output(2, 7, 0.5f, 0.5f, 0.25f, 0.5f, 0.9f, 0, 0, 0.5f, 0.5f, 0.25f, 0.5f, 0.8f, 0, 0), 0.25f);

        assertThat(found).hasSize(2);
        assertThat(found.getFirst().box()).isEqualTo(new Box(240, 80, 400, 240));
    }

    @Test
    void turnedBoxesSuppressByTheirOwnOverlapNotByThatOfTheBoxesAround() {
        var head = new YoloHead(1, 1, true);
        float diagonal = (float) (Math.PI / 4);

        List<Candidate> found = best(
                head,
                output(
                        6, 3, 50, 56, 50, 50, 44, 50, 40, 40, 40, 4, 4, 4, 0.9f, 0.8f, 0.7f, diagonal, diagonal,
                        diagonal),
                0.25f);

        assertThat(found).extracting(Candidate::score).containsExactly(0.9f, 0.8f);
        assertThat(found.getFirst().rotated().enclosing().width())
                .isCloseTo((float) (44 / Math.sqrt(2)), org.assertj.core.data.Offset.offset(1e-4f));
    }

    @Test
    void valuesBehindTheScoresComeAlong() {
        var head = new YoloHead(1, 2, false);

        List<Candidate> found = best(
                head,
                output(
                        7, 8, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0,
                        0, 0, 0.9f, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0),
                0.25f);

        assertThat(found)
                .singleElement()
                .satisfies(candidate -> assertThat(candidate.extras()).containsExactly(3, 4));
    }
}
