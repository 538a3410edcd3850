package mata.vision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mata.engine.Tensor;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Box;
import mata.vision.interpret.Boxes;
import mata.vision.interpret.Nms;
import mata.vision.interpret.Ranking;
import mata.vision.interpret.RotatedBox;
import mata.vision.interpret.Scores;

/**
 * What the exports of YOLO's tool answer (spec 5.3), in whichever of its forms.
 *
 * @param classes how many there are; 0 where no file tells
 * @param extras values of each candidate behind its class scores: mask coefficients, joints, an angle
 * @param rotated whether the last of the extras is an angle
 */
record YoloHead(int classes, int extras, boolean rotated) {

    private static final int MOST_CANDIDATES = 30_000;

    private static final int MOST_BOXES = 300;

    /** More rows than this are cells of a grid, not queries or a final list. */
    private static final int MOST_ROWS_OF_A_LIST = 1000;

    /** One thing found, in pixels of the input. Where boxes are rotated this one is upright still: see the extras. */
    @SuppressWarnings("ArrayRecordComponent") // read at once, never compared
    record Candidate(int label, float score, Box box, float[] extras) {

        RotatedBox rotated() {
            return new RotatedBox(
                    (box.x1() + box.x2()) / 2,
                    (box.y1() + box.y2()) / 2,
                    box.width(),
                    box.height(),
                    extras[extras.length - 1]);
        }
    }

    enum Form {
        /** {@code [4+C+extras, N]}: a column for each cell, centre and size, then class scores. */
        COLUMNS,
        /** {@code [N, 5+C+extras]}: a row for each cell, objectness before the class scores. */
        ROWS,
        /** {@code [300, 6+extras]}: corners, score, class; suppression is done. */
        FINAL,
        /** {@code [Q, 4+C]}: centre and size as shares of the input, class scores; nothing to suppress. */
        QUERIES
    }

    /** @throws Rejected with {@code Broken} where the shape is none of these */
    Form form(int rows, int columns) {
        if (columns == 6 + extras && (classes == 1 ? rows == MOST_BOXES : rows <= MOST_ROWS_OF_A_LIST)) {
            return Form.FINAL;
        } else if (classes > 0 ? rows == 4 + classes + extras : rows < columns) {
            return Form.COLUMNS;
        } else if (classes > 0 ? columns == 5 + classes + extras : rows > MOST_ROWS_OF_A_LIST) {
            return Form.ROWS;
        } else if (classes == 0 || columns == 4 + classes + extras) {
            return Form.QUERIES;
        }
        throw new Rejected(new Problem.Broken("an output of " + rows + "x" + columns
                + " is none of the known forms for " + classes + " classes and " + extras + " more values"));
    }

    /**
     * What remains after threshold and suppression, best first.
     *
     * @param output {@code [1, rows, columns]}
     * @param inputWidth of the graph's picture, in pixels
     * @param inputHeight likewise
     */
    List<Candidate> best(Tensor.Floats output, int inputWidth, int inputHeight, float least, float overlap) {
        int rows = output.dimension(1);
        int columns = output.dimension(2);
        float[] values = output.array();
        return switch (form(rows, columns)) {
            case COLUMNS -> suppress(columns(values, rows, columns, least), overlap);
            case ROWS -> suppress(rows(values, rows, columns, least), overlap);
            case FINAL -> sorted(finals(values, rows, columns, least));
            case QUERIES -> sorted(queries(values, rows, columns, inputWidth, inputHeight, least));
        };
    }

    private List<Candidate> columns(float[] values, int rows, int columns, float least) {
        int scores = rows - 4 - extras;
        var best = new float[columns];
        var label = new int[columns];
        Arrays.fill(best, Float.NEGATIVE_INFINITY);
        for (int c = 0; c < scores; c++) {
            int from = (4 + c) * columns;
            for (int i = 0; i < columns; i++) {
                if (values[from + i] > best[i]) {
                    best[i] = values[from + i];
                    label[i] = c;
                }
            }
        }
        List<Candidate> found = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            if (best[i] > least) {
                var more = new float[extras];
                for (int e = 0; e < extras; e++) {
                    more[e] = values[(4 + scores + e) * columns + i];
                }
                Box box = Boxes.ofCentre(
                        values[i], values[columns + i], values[2 * columns + i], values[3 * columns + i]);
                found.add(new Candidate(label[i], best[i], box, more));
            }
        }
        return found;
    }

    private List<Candidate> rows(float[] values, int rows, int columns, float least) {
        int scores = columns - 5 - extras;
        List<Candidate> found = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int from = row * columns;
            float objectness = values[from + 4];
            if (objectness > least) { // no class score is above 1, so no product could be either
                int label = Scores.largest(values, from + 5, scores);
                float score = objectness * values[from + 5 + label];
                if (score > least) {
                    float[] more = Arrays.copyOfRange(values, from + 5 + scores, from + columns);
                    Box box = Boxes.ofCentre(values[from], values[from + 1], values[from + 2], values[from + 3]);
                    found.add(new Candidate(label, score, box, more));
                }
            }
        }
        return found;
    }

    private static List<Candidate> finals(float[] values, int rows, int columns, float least) {
        List<Candidate> found = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int from = row * columns;
            if (values[from + 4] > least) {
                found.add(new Candidate(
                        (int) values[from + 5],
                        values[from + 4],
                        new Box(values[from], values[from + 1], values[from + 2], values[from + 3]),
                        Arrays.copyOfRange(values, from + 6, from + columns)));
            }
        }
        return found;
    }

    private static List<Candidate> queries(
            float[] values, int rows, int columns, int inputWidth, int inputHeight, float least) {
        List<Candidate> found = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int from = row * columns;
            int label = Scores.largest(values, from + 4, columns - 4);
            if (values[from + 4 + label] > least) {
                found.add(new Candidate(
                        label,
                        values[from + 4 + label],
                        Boxes.ofShares(values, from, inputWidth, inputHeight),
                        new float[0]));
            }
        }
        return found;
    }

    private List<Candidate> suppress(List<Candidate> found, float overlap) {
        int[] order = Ranking.best(scores(found), Float.NEGATIVE_INFINITY, MOST_CANDIDATES);
        Nms.Overlap measure = rotated
                ? (a, b) -> found.get(a).rotated().overlap(found.get(b).rotated())
                : (a, b) -> found.get(a).box.iou(found.get(b).box);
        int[] kept = Nms.keep(order, i -> found.get(i).label, measure, overlap, MOST_BOXES);
        return Arrays.stream(kept).mapToObj(found::get).toList();
    }

    private static List<Candidate> sorted(List<Candidate> found) {
        return Arrays.stream(Ranking.all(scores(found))).mapToObj(found::get).toList();
    }

    private static float[] scores(List<Candidate> found) {
        var scores = new float[found.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = found.get(i).score;
        }
        return scores;
    }
}
