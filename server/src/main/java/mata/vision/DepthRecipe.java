package mata.vision;

import java.util.List;
import java.util.Set;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.ModelFolder;
import mata.image.Frame;
import mata.image.Interpolate;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.FloatGrid;
import mata.result.Result;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.PixelValues;
import mata.vision.prepare.Placement;

/**
 * One map of distances (spec, section 11): {@code [B,h,w]} or {@code [B,1,h,w]}, enlarged to the picture or to
 * {@code target_size}, and then brought to 0…1 unless the caller wants the model's own numbers.
 *
 * @param metric metres, near is small; else inverse relative depth, near is large
 */
record DepthRecipe(ImageSteps steps, String input, String output, boolean metric) implements Recipe<Placement> {

    private static final Set<String> METRIC_TYPES = Set.of("glpn", "depth_pro");

    /** A range below this is a flat map, not a scale. */
    private static final float FLAT = 1e-8f;

    static DepthRecipe of(Model model) {
        Port output = model.signature()
                .output("predicted_depth")
                .orElse(model.signature().outputs().getFirst());
        return new DepthRecipe(
                ImageSteps.of(model.folder()), model.pictureInput().name(), output.name(), isMetric(model.folder()));
    }

    private static boolean isMetric(ModelFolder folder) {
        return folder.config()
                .text("depth_estimation_type")
                .map("metric"::equals)
                .orElse(METRIC_TYPES.contains(folder.modelType().orElse("")));
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.NORMALIZE, Parameter.TARGET_SIZE);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        PixelValues pixels = steps.apply(frame);
        return new Prepared<>(Tensors.of(input, pixels.tensor()), pixels.placement());
    }

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        Tensor.Floats map = outputs.floats(output);
        List<Integer> size = params.size(Parameter.TARGET_SIZE)
                .orElse(List.of(placement.source().height(), placement.source().width()));
        int height = size.get(0);
        int width = size.get(1);
        float[] depth = Interpolate.bicubic(map.array(), map.dimension(-2), map.dimension(-1), height, width);
        if (params.flag(Parameter.NORMALIZE, true)) {
            normalise(depth);
        }
        return new Result.Depth(new FloatGrid(height, width, depth), metric);
    }

    private static void normalise(float[] depth) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : depth) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        float range = most - least;
        for (int i = 0; i < depth.length; i++) {
            depth[i] = range < FLAT ? 0 : Math.clamp((depth[i] - least) / range, 0, 1);
        }
    }
}
