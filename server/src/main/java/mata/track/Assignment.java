package mata.track;

import java.util.Arrays;

/** Pairs rows with columns so that the pairs cost least together. */
final class Assignment {

    /** A row that got no column. */
    static final int NONE = -1;

    private Assignment() {}

    /**
     * Each row takes at most one column and the other way round. A pair must cost less than {@code limit}, and leaving a row
     * and a column apart costs exactly the limit: the rule of {@code lapjv} with {@code cost_limit}, which the published
     * trackers call. Of equally good answers the same one is always taken.
     *
     * @param costs rows of equal length, each cost finite
     * @return for each row its column, or {@link #NONE}
     */
    static int[] solve(double[][] costs, double limit) {
        int rows = costs.length;
        int columns = rows == 0 ? 0 : costs[0].length;
        // A pair at the limit or above is as good as none: 0. Then every row may take a column, and all is a full
        // assignment.
        double[][] gains = new double[Math.min(rows, columns)][Math.max(rows, columns)];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                double gain = Math.min(costs[i][j] - limit, 0);
                if (rows <= columns) {
                    gains[i][j] = gain;
                } else {
                    gains[j][i] = gain;
                }
            }
        }
        int[] taken = fullAssignment(gains);
        int[] columnOf = new int[rows];
        Arrays.fill(columnOf, NONE);
        for (int k = 0; k < taken.length; k++) {
            if (gains[k][taken[k]] < 0) {
                columnOf[rows <= columns ? k : taken[k]] = rows <= columns ? taken[k] : k;
            }
        }
        return columnOf;
    }

    /**
     * The Hungarian method by shortest augmenting paths with potentials, O(rows² · columns); at least as many columns as
     * rows. Index 0 of the arrays below is a column that doesn't exist, from which each path starts.
     */
    private static int[] fullAssignment(double[][] costs) {
        int rows = costs.length;
        int columns = rows == 0 ? 0 : costs[0].length;
        double[] rowPotential = new double[rows + 1];
        double[] columnPotential = new double[columns + 1];
        int[] rowOf = new int[columns + 1];
        int[] before = new int[columns + 1];
        for (int row = 1; row <= rows; row++) {
            rowOf[0] = row;
            double[] distance = new double[columns + 1];
            Arrays.fill(distance, Double.POSITIVE_INFINITY);
            boolean[] done = new boolean[columns + 1];
            int column = 0;
            do {
                done[column] = true;
                int from = rowOf[column];
                int nearest = 0;
                double step = Double.POSITIVE_INFINITY;
                for (int j = 1; j <= columns; j++) {
                    if (!done[j]) {
                        double reduced = costs[from - 1][j - 1] - rowPotential[from] - columnPotential[j];
                        if (reduced < distance[j]) {
                            distance[j] = reduced;
                            before[j] = column;
                        }
                        if (distance[j] < step) {
                            step = distance[j];
                            nearest = j;
                        }
                    }
                }
                for (int j = 0; j <= columns; j++) {
                    if (done[j]) {
                        rowPotential[rowOf[j]] += step;
                        columnPotential[j] -= step;
                    } else {
                        distance[j] -= step;
                    }
                }
                column = nearest;
            } while (rowOf[column] != 0);
            while (column != 0) {
                rowOf[column] = rowOf[before[column]];
                column = before[column];
            }
        }
        int[] columnOf = new int[rows];
        for (int j = 1; j <= columns; j++) {
            if (rowOf[j] != 0) {
                columnOf[rowOf[j] - 1] = j - 1;
            }
        }
        return columnOf;
    }
}
