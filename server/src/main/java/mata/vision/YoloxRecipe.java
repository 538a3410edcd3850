package mata.vision;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.Frame;
import mata.image.Letterbox;
import mata.image.Pixels;
import mata.image.Resizer;
import mata.params.Parameter;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Box;
import mata.result.Detection;
import mata.result.Result;
import mata.vision.interpret.Boxes;
import mata.vision.interpret.Nms;
import mata.vision.interpret.Ranking;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * YOLOX (spec 5.5): blue before red, 0…255, boxed to the top left; {@code [B,N,5+C]} out, a row for each cell of three grids,
 * which a "decoded" export has turned into pixels already.
 */
record YoloxRecipe(String input, Size size, Optional<ImageSteps> steps, String output, Labels labels)
        implements Recipe<Placement> {

    private static final int[] STRIDES = {8, 16, 32};

    /** No box is e^20 cells wide: a larger number is a width in pixels. */
    private static final float LARGEST_LOG_WIDTH = 20;

    private static final int MOST_BOXES = 300;

    static YoloxRecipe of(Model model) {
        Optional<ImageSteps> steps =
                model.folder().preprocessor().isEmpty() ? Optional.empty() : Optional.of(ImageSteps.of(model.folder()));
        return new YoloxRecipe(
                model.pictureInput().name(),
                YoloInput.size(model),
                steps,
                model.signature().outputs().getFirst().name(),
                model.labels());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE, Parameter.IOU);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        PixelValues pixels = steps.isPresent() ? steps.get().apply(frame) : boxed(frame);
        return new Prepared<>(Tensors.of(input, pixels.tensor()), pixels.placement());
    }

    private PixelValues boxed(Frame frame) {
        Letterbox box = Letterbox.topLeft(frame.width(), frame.height(), size.width(), size.height());
        Frame placed = box.place(Resizer.linear(frame, box.width(), box.height()), YoloInput.FILLING);
        var tensor = new Tensor.Floats(
                Pixels.chw(placed, 1, 0, new float[3], new float[] {1, 1, 1}, true), 1, 3, size.height(), size.width());
        return new PixelValues(tensor, Placement.of(new Size(frame.height(), frame.width()), box));
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        Tensor.Floats rows = outputs.floats(output);
        float[] values = rows.array();
        int columns = rows.dimension(2);
        var scores = new float[rows.dimension(1)];
        var ids = new int[scores.length];
        for (int row = 0; row < scores.length; row++) {
            int from = row * columns;
            ids[row] = Scores.largest(values, from + 5, columns - 5);
            scores[row] = values[from + 4] * values[from + 5 + ids[row]];
        }
        Box[] boxes = boxes(values, scores.length, columns, placement.input());
        int[] order = Ranking.best(scores, params.fraction(Parameter.CONFIDENCE, 0.3f), scores.length);
        int[] kept = Nms.keep(
                order,
                row -> ids[row],
                (a, b) -> boxes[a].iou(boxes[b]),
                params.fraction(Parameter.IOU, 0.45f),
                MOST_BOXES);
        List<Detection> found = new ArrayList<>();
        for (int row : kept) {
            found.add(new Detection(labels.of(ids[row]), scores[row], placement.toSource(boxes[row])));
        }
        Size source = placement.source();
        return new Result.Detections(Boxes.shown(found, source.width(), source.height()));
    }

    private static Box[] boxes(float[] values, int rows, int columns, Size input) {
        var boxes = new Box[rows];
        if (isDecoded(values, rows, columns)) {
            for (int row = 0; row < rows; row++) {
                int from = row * columns;
                boxes[row] = Boxes.ofCentre(values[from], values[from + 1], values[from + 2], values[from + 3]);
            }
            return boxes;
        }
        int row = 0;
        for (int stride : STRIDES) {
            for (int y = 0; y < input.height() / stride; y++) {
                for (int x = 0; x < input.width() / stride; x++, row++) {
                    int from = row * columns;
                    if (row < rows) {
                        boxes[row] = Boxes.ofCentre(
                                (values[from] + x) * stride,
                                (values[from + 1] + y) * stride,
                                (float) Math.exp(values[from + 2]) * stride,
                                (float) Math.exp(values[from + 3]) * stride);
                    }
                }
            }
        }
        if (row != rows) {
            throw new Rejected(new Problem.Broken("the output has " + rows + " rows where an input of " + input.width()
                    + "x" + input.height() + " has " + row + " cells"));
        }
        return boxes;
    }

    private static boolean isDecoded(float[] values, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            if (values[row * columns + 2] > LARGEST_LOG_WIDTH) {
                return true;
            }
        }
        return false;
    }
}
