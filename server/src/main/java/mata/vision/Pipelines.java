package mata.vision;

import java.util.Map;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.vision.ppocr.PpOcr;
import mata.vision.staged.Stages;

/** The door: a model's folder to a pipeline that serves it. */
public final class Pipelines {

    private Pipelines() {}

    /**
     * Loads the graphs and puts the family's recipe around them. Whoever opens closes.
     *
     * @param settings what the user set for this model: {@code prompt_template} and the like
     * @throws Rejected with {@code BadInput} when folder or graph do not make a model of this family, {@code OutOfMemory}
     *     when it does not fit
     */
    public static Pipeline open(
            ModelFolder folder, Family family, Engine engine, EngineOptions options, Map<String, String> settings) {
        var graphs = new ModelGraphs(folder, engine, options);
        return switch (family) {
            case CLIP, SIGLIP -> Clip.open(graphs, family, settings);
            case VITPOSE -> staged(VitPose.open(graphs, settings), family);
            case PP_OCR -> staged(PpOcr.open(folder, graphs::open, settings), family);
            case GROUNDING_DINO -> staged(GroundingDino.open(graphs, settings), family);
            default -> single(graphs, family, settings);
        };
    }

    private static Pipeline staged(Stages stages, Family family) {
        return new OneByOne(stages, new Unused(stages.reads(), family.tasks()));
    }

    private static Pipeline single(ModelGraphs graphs, Family family, Map<String, String> settings) {
        LoadedModel model = graphs.open("model");
        try {
            Recipe<?> recipe = recipe(family, new Model(graphs.folder(), model.signature(), settings));
            return single(model, recipe, family);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static <C> Pipeline single(LoadedModel model, Recipe<C> recipe, Family family) {
        return new SingleGraph<>(model, recipe, new Unused(recipe.reads(), family.tasks()));
    }

    /** The recipe of a family of one graph. */
    static Recipe<?> recipe(Family family, Model model) {
        return switch (family) {
            case CLASSIFIER -> ClassifyRecipe.of(model);
            case YOLO_CLASSIFY -> ClassifyRecipe.yolo(model);
            case DETR -> DetrRecipe.of(model);
            case RT_DETR -> RtDetrRecipe.of(model);
            case RT_DETR_NATIVE -> RtDetrNativeRecipe.of(model);
            case RF_DETR_NATIVE -> RtDetrRecipe.nativeRf(model);
            case YOLO_DETECT -> YoloDetectRecipe.upright(model);
            case YOLO_OBB -> YoloDetectRecipe.rotated(model);
            case SEMANTIC -> SemanticRecipe.of(model);
            case DETR_PANOPTIC -> MaskQueriesRecipe.detr(model);
            case MASKFORMER -> MaskQueriesRecipe.maskFormer(model);
            case MASK2FORMER -> MaskQueriesRecipe.mask2Former(model);
            case YOLO_SEGMENT -> YoloSegmentRecipe.of(model);
            case YOLO_POSE -> YoloPoseRecipe.of(model);
            case YOLOX -> YoloxRecipe.of(model);
            case MOVENET -> MoveNetRecipe.of(model);
            case DEPTH_MAP -> DepthRecipe.of(model);
            case FOREGROUND -> ForegroundRecipe.of(model);
            case OWL_VIT -> OwlRecipe.vit(model);
            case OWL_V2 -> OwlRecipe.v2(model);
            case CLIP,
                    SIGLIP,
                    GROUNDING_DINO,
                    SAM,
                    SAM2,
                    VITPOSE,
                    ENCODER_DECODER,
                    PP_OCR,
                    FLORENCE2,
                    SMOLVLM,
                    QWEN2_VL,
                    LLAVA,
                    MOONDREAM ->
                throw new Rejected(
                        new Problem.BadInput("models of the family " + family.word() + " cannot be served yet"));
        };
    }
}
