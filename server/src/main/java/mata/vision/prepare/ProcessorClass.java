package mata.vision.prepare;

import static mata.image.Resample.BICUBIC;
import static mata.image.Resample.BILINEAR;
import static mata.image.Resample.NEAREST;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mata.folder.ModelFolder;
import mata.image.Resample;

/**
 * The reference's image processors, and what each does where its file is silent (spec 3.5). Their files say nearly
 * everything, and what a file says always wins.
 */
enum ProcessorClass {
    DETR(Form.DETR, List.of(800, 1333), BILINEAR, Norm.IMAGENET, "detr conditionaldetr deformabledetr groundingdino"),
    YOLOS(Form.YOLOS, List.of(800, 1333), BILINEAR, Norm.IMAGENET, "yolos"),
    RT_DETR(Form.SQUARE, List.of(640), BILINEAR, Norm.OFF, "rtdetr"),
    VIT(Form.SQUARE, List.of(224), BILINEAR, Norm.STANDARD, "vit"),
    BEIT(Form.SQUARE, List.of(256), BICUBIC, Norm.STANDARD, "beit") {
        @Override
        int crop() {
            return 224;
        }
    },
    DEIT(Form.SQUARE, List.of(256), BICUBIC, Norm.STANDARD, "deit") {
        @Override
        int crop() {
            return 224;
        }
    },
    LEVIT(Form.LEVIT, List.of(224), BICUBIC, Norm.IMAGENET, "levit") {
        @Override
        int crop() {
            return 224;
        }
    },
    PVT(Form.SQUARE, List.of(224), BILINEAR, Norm.IMAGENET, "pvt"),
    BIT(Form.SHORTEST, List.of(224), BICUBIC, Norm.CLIP, "bit") {
        @Override
        int crop() {
            return 224;
        }
    },
    CONVNEXT(Form.CONVNEXT, List.of(384), BILINEAR, Norm.STANDARD, "convnext"),
    EFFICIENTNET(Form.SQUARE, List.of(346), NEAREST, Norm.STANDARD, "efficientnet"),
    MOBILENET(Form.SHORTEST, List.of(256), BILINEAR, Norm.STANDARD, "mobilenetv1 mobilenetv2") {
        @Override
        int crop() {
            return 224;
        }
    },
    MOBILEVIT(Form.SHORTEST, List.of(224), BILINEAR, Norm.OFF, "mobilevit") {
        @Override
        int crop() {
            return 256;
        }
    },
    CLIP(Form.SHORTEST, List.of(224), BICUBIC, Norm.CLIP, "clip") {
        @Override
        int crop() {
            return 224;
        }
    },
    SIGLIP(Form.SQUARE, List.of(224), BICUBIC, Norm.STANDARD, "siglip"),
    OWL_VIT(Form.SQUARE, List.of(768), BICUBIC, Norm.CLIP, "owlvit"),
    OWL_V2(Form.SQUARE, List.of(960), BILINEAR, Norm.CLIP, "owlv2"),
    SEGFORMER(Form.SQUARE, List.of(512), BILINEAR, Norm.IMAGENET, "segformer"),
    MASKFORMER(Form.MASKFORMER, List.of(800, 1333), BILINEAR, Norm.IMAGENET, "maskformer mask2former"),
    SAM(Form.LONGEST, List.of(1024), BILINEAR, Norm.IMAGENET, "sam"),
    SAM2(Form.SQUARE, List.of(1024), BILINEAR, Norm.IMAGENET, "sam2"),
    DPT(Form.DPT, List.of(384), BICUBIC, Norm.STANDARD, "dpt"),
    /** Has no processor of its own name: its files name DPT's and say the rest. */
    DEPTH_ANYTHING(Form.DPT, List.of(518), BICUBIC, Norm.IMAGENET, ""),
    GLPN(Form.GLPN, List.of(), BILINEAR, Norm.OFF, "glpn"),
    /** Files written for this server: what they do not name is not done. */
    PLAIN(Form.SQUARE, List.of(), BILINEAR, Norm.OFF, "movenet yolox yolo selfiesegmentation isnet fastdepth"),
    /** A processor that we do not know: the steps that nearly all have in common. */
    OTHER(Form.SQUARE, List.of(), BILINEAR, Norm.OFF, "");

    /** What an integer {@code size} means, and what comes on top of any size. */
    enum Form {
        SQUARE,
        SHORTEST,
        DETR,
        YOLOS,
        MASKFORMER,
        LONGEST,
        LEVIT,
        CONVNEXT,
        DPT,
        GLPN
    }

    /** Mean and deviation of the pictures that a model was trained on. */
    enum Norm {
        IMAGENET(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
        STANDARD(List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5)),
        CLIP(List.of(0.48145466, 0.4578275, 0.40821073), List.of(0.26862954, 0.26130258, 0.27577711)),
        /** Not normalised; where a file asks for it all the same, with ImageNet's. */
        OFF(IMAGENET.mean, IMAGENET.std);

        final List<Double> mean;
        final List<Double> std;

        Norm(List<Double> mean, List<Double> std) {
            this.mean = mean;
            this.std = std;
        }
    }

    private static final Map<String, ProcessorClass> BY_NAME = new HashMap<>();

    private static final Map<String, ProcessorClass> BY_MODEL_TYPE = new HashMap<>();

    static {
        for (ProcessorClass processor : values()) {
            Arrays.stream(processor.names.split(" ")).forEach(name -> BY_NAME.put(name, processor));
        }
        put(DETR, "detr conditional_detr deformable_detr table-transformer grounding-dino");
        put(YOLOS, "yolos");
        put(RT_DETR, "rt_detr rt_detr_v2 d_fine");
        put(VIT, "vit swin swinv2");
        put(BEIT, "beit");
        put(DEIT, "deit");
        put(LEVIT, "levit");
        put(PVT, "pvt");
        put(BIT, "dinov2 hiera");
        put(CONVNEXT, "convnext convnextv2 resnet regnet cvt");
        put(EFFICIENTNET, "efficientnet");
        put(MOBILENET, "mobilenet_v1 mobilenet_v2");
        put(MOBILEVIT, "mobilevit");
        put(CLIP, "clip");
        put(SIGLIP, "siglip siglip2");
        put(OWL_VIT, "owlvit");
        put(OWL_V2, "owlv2");
        put(SEGFORMER, "segformer upernet");
        put(MASKFORMER, "maskformer mask2former");
        put(SAM, "sam");
        put(SAM2, "sam2");
        put(DPT, "dpt");
        put(DEPTH_ANYTHING, "depth_anything");
        put(GLPN, "glpn");
    }

    final Form form;
    final List<Integer> size;
    final Resample resample;
    final Norm norm;
    private final String names;

    ProcessorClass(Form form, List<Integer> size, Resample resample, Norm norm, String names) {
        this.form = form;
        this.size = size;
        this.resample = resample;
        this.norm = norm;
        this.names = names;
    }

    private static void put(ProcessorClass processor, String modelTypes) {
        Arrays.stream(modelTypes.split(" ")).forEach(type -> BY_MODEL_TYPE.put(type, processor));
    }

    /** Side of the square that is cut out of the middle unless the file says otherwise; 0 = none. */
    int crop() {
        return 0;
    }

    /** By the name that the model's file gives, else by {@code model_type}. */
    static ProcessorClass of(ModelFolder folder) {
        return named(folder)
                .orElseGet(() -> BY_MODEL_TYPE.getOrDefault(folder.modelType().orElse(""), OTHER));
    }

    private static Optional<ProcessorClass> named(ModelFolder folder) {
        return folder.preprocessor()
                .text("image_processor_type")
                .or(() -> folder.preprocessor().text("feature_extractor_type"))
                .map(name -> name.replaceAll("(ImageProcessor(Fast)?|FeatureExtractor)$", "")
                        .toLowerCase(Locale.ROOT))
                .flatMap(name -> Optional.ofNullable(BY_NAME.get(name)));
    }
}
