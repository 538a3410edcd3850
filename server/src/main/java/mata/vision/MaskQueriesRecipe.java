package mata.vision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Labels;
import mata.image.Frame;
import mata.image.Interpolate;
import mata.params.Parameter;
import mata.params.Params;
import mata.result.Result;
import mata.result.Segment;
import mata.vision.interpret.Claims;
import mata.vision.interpret.InstanceMap;
import mata.vision.interpret.LabelMap;
import mata.vision.interpret.Scores;
import mata.vision.prepare.ImageSteps;
import mata.vision.prepare.Placement;
import mata.vision.prepare.Size;

/**
 * Queries with a class and a mask each (spec 7.1, 7.3): DETR's panoptic models, MaskFormer and Mask2Former. Classes
 * {@code [B,Q,C+1]}, the last column meaning "no object"; masks {@code [B,Q,h,w]}, logits.
 *
 * @param enlarged side to which the masks' logits are enlarged first: Mask2Former's; 0 = not
 * @param ranked whether instances are ranked by class and mask rather than settled by claims
 * @param fused classes whose queries make one segment together
 */
record MaskQueriesRecipe(
        DetrInputs inputs,
        String classes,
        String masks,
        int enlarged,
        boolean ranked,
        Kind usual,
        Set<Integer> fused,
        Labels labels)
        implements Recipe<Placement> {

    private static final int MASK2FORMER_SIDE = 384;

    enum Kind {
        SEMANTIC,
        PANOPTIC,
        INSTANCE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    static MaskQueriesRecipe detr(Model model) {
        return of(model, "logits", "pred_masks", 0, false);
    }

    static MaskQueriesRecipe maskFormer(Model model) {
        return of(model, "class_queries_logits", "masks_queries_logits", 0, true);
    }

    static MaskQueriesRecipe mask2Former(Model model) {
        return of(model, "class_queries_logits", "masks_queries_logits", MASK2FORMER_SIDE, true);
    }

    private static MaskQueriesRecipe of(Model model, String classes, String masks, int enlarged, boolean ranked) {
        model.output(classes);
        model.output(masks);
        return new MaskQueriesRecipe(
                DetrInputs.of(model, ImageSteps.of(model.folder())),
                classes,
                masks,
                enlarged,
                ranked,
                usualKind(model),
                fused(model),
                model.labels());
    }

    /** What the model's name says it was trained for; nothing in its files does. */
    private static Kind usualKind(Model model) {
        String name = model.setting("segment_kind")
                .or(() -> model.folder().config().text("_name_or_path").filter(path -> path.contains("-")))
                .orElse(model.folder().path().toString())
                .toLowerCase(Locale.ROOT);
        return Arrays.stream(Kind.values())
                .filter(kind -> name.contains(kind.word()))
                .findFirst()
                .orElse(name.contains("ade") ? Kind.SEMANTIC : Kind.PANOPTIC);
    }

    /** By the model's setting {@code fuse}: names of classes, separated by commas. */
    private static Set<Integer> fused(Model model) {
        Set<String> names = new HashSet<>();
        model.setting("fuse")
                .ifPresent(list ->
                        Arrays.stream(list.split(",")).map(String::strip).forEach(names::add));
        Set<Integer> ids = new HashSet<>();
        for (int id = 0; id < model.labels().count(); id++) {
            if (names.contains(model.labels().of(id))) {
                ids.add(id);
            }
        }
        return ids;
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(
                Parameter.CONFIDENCE,
                Parameter.MASK_THRESHOLD,
                Parameter.OVERLAP_THRESHOLD,
                Parameter.SEGMENT_KIND,
                Parameter.MASK_FORMAT);
    }

    @Override
    public Prepared<Placement> prepare(Frame frame, Params params) {
        return inputs.of(frame);
    }

    /** Masks as logits, one plane a query. */
    @SuppressWarnings("ArrayRecordComponent") // lives for one call, never compared
    private record Planes(float[] logits, int height, int width) {}

    @Override
    public Result interpret(Tensors outputs, Placement placement, Params params) {
        Tensor.Floats classLogits = outputs.floats(classes);
        int queries = classLogits.dimension(1);
        int columns = classLogits.dimension(2);
        float[] values = classLogits.array();
        var shares = new float[queries][];
        for (int query = 0; query < queries; query++) {
            shares[query] = Scores.softmax(values, query * columns, columns);
        }
        Planes planes = planes(outputs.floats(masks));
        Kind kind = params.has(Parameter.SEGMENT_KIND) ? Kind.of(params.text(Parameter.SEGMENT_KIND, "")) : usual;
        Size source = placement.source();
        return new Result.Segments(
                switch (kind) {
                    case SEMANTIC -> SemanticRecipe.segments(semantic(shares, planes, source), labels, params);
                    case PANOPTIC -> panoptic(shares, planes, source, params);
                    case INSTANCE ->
                        ranked ? instances(shares, planes, source, params) : panoptic(shares, planes, source, params);
                });
    }

    private Planes planes(Tensor.Floats masks) {
        int height = masks.dimension(2);
        int width = masks.dimension(3);
        if (enlarged == 0) {
            return new Planes(masks.array(), height, width);
        }
        int queries = masks.dimension(1);
        var larger = new float[queries * enlarged * enlarged];
        for (int query = 0; query < queries; query++) {
            float[] plane =
                    Interpolate.bilinear(masks.array(), query * height * width, height, width, enlarged, enlarged);
            System.arraycopy(plane, 0, larger, query * plane.length, plane.length);
        }
        return new Planes(larger, enlarged, enlarged);
    }

    /** A class's weight on a pixel: over all queries, the share of the class times the probability of the mask. */
    private static LabelMap semantic(float[][] shares, Planes planes, Size source) {
        int pixels = planes.height * planes.width;
        int classes = shares[0].length - 1;
        var weights = new float[classes * pixels];
        for (int query = 0; query < shares.length; query++) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                float probability = Scores.sigmoid(planes.logits[query * pixels + pixel]);
                for (int label = 0; label < classes; label++) {
                    weights[label * pixels + pixel] += shares[query][label] * probability;
                }
            }
        }
        return LabelMap.ofWeights(weights, classes, planes.height, planes.width, source.height(), source.width());
    }

    private List<Segment> panoptic(float[][] shares, Planes planes, Size source, Params params) {
        float least = params.fraction(Parameter.CONFIDENCE, 0.5f);
        int noObject = shares[0].length - 1;
        List<Integer> kept = new ArrayList<>();
        for (int query = 0; query < shares.length; query++) {
            int label = Scores.largest(shares[query], 0, shares[query].length);
            if (label != noObject && shares[query][label] > least) {
                kept.add(query);
            }
        }
        int pixels = planes.height * planes.width;
        var ids = new int[kept.size()];
        var scores = new float[ids.length];
        var probabilities = new float[ids.length * pixels];
        for (int i = 0; i < ids.length; i++) {
            int query = kept.get(i);
            ids[i] = Scores.largest(shares[query], 0, noObject);
            scores[i] = shares[query][ids[i]];
            for (int pixel = 0; pixel < pixels; pixel++) {
                probabilities[i * pixels + pixel] = Scores.sigmoid(planes.logits[query * pixels + pixel]);
            }
        }
        return shown(
                Claims.settle(
                        new Claims.Queries(ids, scores, probabilities, planes.height, planes.width),
                        source.height(),
                        source.width(),
                        params.fraction(Parameter.MASK_THRESHOLD, 0.5f),
                        // as the decimal that was written, not the float nearest to it: see Claims
                        Double.parseDouble(Float.toString(params.fraction(Parameter.OVERLAP_THRESHOLD, 0.8f))),
                        fused),
                params);
    }

    private List<Segment> instances(float[][] shares, Planes planes, Size source, Params params) {
        return shown(
                InstanceMap.of(
                        shares,
                        planes.logits,
                        planes.height,
                        planes.width,
                        source.height(),
                        source.width(),
                        params.fraction(Parameter.CONFIDENCE, 0.5f)),
                params);
    }

    private List<Segment> shown(List<Claims.Segment> segments, Params params) {
        String format = params.text(Parameter.MASK_FORMAT, "png");
        return segments.stream()
                .map(segment -> new Segment(
                        labels.of(segment.label()),
                        segment.score(),
                        segment.mask().box(),
                        segment.mask().encode(format)))
                .toList();
    }
}
