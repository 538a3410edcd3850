package mata.folder;

import static mata.folder.Family.CLASSIFIER;
import static mata.folder.Family.DEPTH_MAP;
import static mata.folder.Family.DETR;
import static mata.folder.Family.DETR_PANOPTIC;
import static mata.folder.Family.RT_DETR;
import static mata.folder.Family.SEMANTIC;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which families a {@code model_type} of config.json may belong to (spec, section 2). */
final class ModelTypes {

    private static final Map<String, Set<Family>> FAMILIES = table();

    /** How the first of {@code architectures} ends where a model type comes with several heads. */
    private static final Map<String, Set<Family>> HEADS = Map.of(
            "ForImageClassification", EnumSet.of(CLASSIFIER),
            "ForImageClassificationWithTeacher", EnumSet.of(CLASSIFIER),
            "ForSemanticSegmentation", EnumSet.of(SEMANTIC),
            "ForDepthEstimation", EnumSet.of(DEPTH_MAP),
            "ForObjectDetection", EnumSet.of(DETR),
            "ForSegmentation", EnumSet.of(DETR, DETR_PANOPTIC));

    private ModelTypes() {}

    private static Map<String, Set<Family>> table() {
        Map<String, Set<Family>> table = new HashMap<>();
        put(table, EnumSet.of(DETR, DETR_PANOPTIC), "detr");
        put(table, EnumSet.of(DETR), "table-transformer", "yolos");
        put(
                table,
                EnumSet.of(RT_DETR),
                "rt_detr",
                "rt_detr_v2",
                "d_fine",
                "rf_detr",
                "conditional_detr",
                "deformable_detr");
        put(table, EnumSet.of(Family.OWL_VIT), "owlvit");
        put(table, EnumSet.of(Family.OWL_V2), "owlv2");
        put(table, EnumSet.of(Family.GROUNDING_DINO), "grounding-dino");
        put(table, EnumSet.of(Family.MASKFORMER), "maskformer");
        put(table, EnumSet.of(Family.MASK2FORMER), "mask2former");
        put(table, EnumSet.of(SEMANTIC), "upernet");
        put(table, EnumSet.of(CLASSIFIER, SEMANTIC), "segformer", "beit", "mobilevit", "mobilenet_v2");
        put(table, EnumSet.of(DEPTH_MAP, SEMANTIC), "dpt");
        put(table, EnumSet.of(Family.SAM), "sam");
        put(table, EnumSet.of(Family.SAM2), "sam2");
        put(
                table,
                EnumSet.of(CLASSIFIER),
                "vit",
                "deit",
                "swin",
                "swinv2",
                "resnet",
                "convnext",
                "convnextv2",
                "mobilenet_v1",
                "efficientnet",
                "regnet",
                "levit",
                "cvt",
                "pvt",
                "hiera",
                "dinov2",
                "timm_wrapper");
        put(table, EnumSet.of(Family.CLIP), "clip");
        put(table, EnumSet.of(Family.SIGLIP), "siglip", "siglip2");
        put(table, EnumSet.of(Family.VITPOSE), "vitpose");
        put(table, EnumSet.of(DEPTH_MAP), "depth_anything", "glpn", "depth_pro", "fastdepth");
        put(table, EnumSet.of(Family.ENCODER_DECODER), "vision-encoder-decoder");
        put(table, EnumSet.of(Family.FLORENCE2), "florence2");
        put(table, EnumSet.of(Family.SMOLVLM), "smolvlm", "idefics3");
        put(table, EnumSet.of(Family.QWEN2_VL), "qwen2_vl");
        put(table, EnumSet.of(Family.LLAVA), "llava");
        put(table, EnumSet.of(Family.MOONDREAM), "moondream1");
        // Not of the Hugging Face library: their JSON files were written for this server.
        put(table, EnumSet.of(Family.YOLO_DETECT), "yolov8");
        put(table, EnumSet.of(Family.YOLOX), "yolox");
        put(table, EnumSet.of(Family.MOVENET), "movenet");
        put(table, EnumSet.of(Family.FOREGROUND), "selfie_segmentation", "isnet");
        put(table, EnumSet.of(Family.PP_OCR), "pp_ocr");
        return Map.copyOf(table);
    }

    private static void put(Map<String, Set<Family>> table, Set<Family> families, String... types) {
        for (String type : types) {
            table.put(type, families);
        }
    }

    /**
     * The families that a model may belong to, judged by its config.json alone; empty where that says nothing we know. More
     * than one where only the graph can tell.
     */
    static Set<Family> families(Entries config) {
        Set<Family> families = FAMILIES.getOrDefault(config.text("model_type").orElse(""), Set.of());
        if (families.size() < 2) {
            return families;
        }
        List<String> architectures = config.texts("architectures");
        if (!architectures.isEmpty()) {
            Set<Family> narrowed = EnumSet.copyOf(families);
            HEADS.forEach((ending, of) -> {
                if (architectures.getFirst().endsWith(ending)) {
                    narrowed.retainAll(of);
                }
            });
            return narrowed.isEmpty() ? families : narrowed;
        }
        return families;
    }
}
