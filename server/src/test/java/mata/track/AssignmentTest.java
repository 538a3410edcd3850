package mata.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The reference is the trial of every possible pairing. */
final class AssignmentTest {

    @Test
    void noPairingOfSmallRandomMatricesCostsLess() {
        var dice = new Random(5);
        for (int round = 0; round < 2000; round++) {
            double[][] costs = random(dice, dice.nextInt(7), dice.nextInt(7), value -> value);
            double limit = dice.nextDouble();

            int[] columnOf = Assignment.solve(costs, limit);

            assertThat(cost(costs, limit, columnOf)).isCloseTo(best(costs, limit, 0, 0), within(1e-12));
        }
    }

    @Test
    void tiesDoNotMatter() {
        var dice = new Random(6);
        for (int round = 0; round < 2000; round++) {
            double[][] costs =
                    random(dice, 1 + dice.nextInt(6), 1 + dice.nextInt(6), value -> Math.rint(value * 3) / 3);

            int[] columnOf = Assignment.solve(costs, 0.8);

            assertThat(cost(costs, 0.8, columnOf)).isCloseTo(best(costs, 0.8, 0, 0), within(1e-12));
            assertThat(Assignment.solve(costs, 0.8)).isEqualTo(columnOf);
        }
    }

    @Test
    void aPairAtTheLimitIsNoPair() {
        assertThat(Assignment.solve(new double[][] {{0.5}}, 0.5)).containsExactly(Assignment.NONE);
        assertThat(Assignment.solve(new double[][] {{0.5}}, 0.5001)).containsExactly(0);
    }

    @Test
    void aCheapPairGivesWayWhereTwoPairsCostLess() {
        double[][] costs = {{0.1, 0.2}, {0.15, 0.9}};

        assertThat(Assignment.solve(costs, 0.8)).containsExactly(1, 0);
        assertThat(Assignment.solve(costs, 0.2)).containsExactly(0, Assignment.NONE);
    }

    @Test
    void withoutRowsOrColumnsNothingIsPaired() {
        assertThat(Assignment.solve(new double[0][0], 0.8)).isEmpty();
        assertThat(Assignment.solve(new double[2][0], 0.8)).containsExactly(Assignment.NONE, Assignment.NONE);
    }

    private static double[][] random(Random dice, int rows, int columns, java.util.function.DoubleUnaryOperator shape) {
        double[][] costs = new double[rows][columns];
        for (double[] row : costs) {
            Arrays.setAll(row, j -> shape.applyAsDouble(dice.nextDouble()));
        }
        return costs;
    }

    /** What a pairing costs, where a row left alone costs the limit; fails where a column is taken twice. */
    private static double cost(double[][] costs, double limit, int[] columnOf) {
        assertThat(columnOf).hasSize(costs.length);
        assertThat(Arrays.stream(columnOf).filter(column -> column != Assignment.NONE))
                .doesNotHaveDuplicates();
        double sum = 0;
        for (int i = 0; i < columnOf.length; i++) {
            sum += columnOf[i] == Assignment.NONE ? limit : costs[i][columnOf[i]];
        }
        return sum;
    }

    private static double best(double[][] costs, double limit, int row, int taken) {
        if (row == costs.length) {
            return 0;
        }
        double best = limit + best(costs, limit, row + 1, taken);
        for (int j = 0; j < costs[row].length; j++) {
            if ((taken & 1 << j) == 0) {
                best = Math.min(best, costs[row][j] + best(costs, limit, row + 1, taken | 1 << j));
            }
        }
        return best;
    }
}
