package mata.folder;

import static mata.task.Task.CLASSIFY;
import static mata.task.Task.DEPTH;
import static mata.task.Task.DETECT;
import static mata.task.Task.OCR;
import static mata.task.Task.POSE;
import static mata.task.Task.SEGMENT;
import static mata.task.Task.TRACK;
import static mata.task.Task.VLM;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import mata.task.Task;

/** Models that are fed and read alike, whatever their weights: section and tasks as in the specification's table. */
public enum Family {
    CLASSIFIER(Graphs.ONE, CLASSIFY),
    CLIP(Graphs.CLIP, CLASSIFY),
    SIGLIP(Graphs.CLIP, CLASSIFY),
    DETR(Graphs.ONE, DETECT, TRACK),
    DETR_PANOPTIC(Graphs.ONE, SEGMENT),
    /** Scores by sigmoid, no column for "no object": RT-DETR, D-FINE, RF-DETR, Conditional and Deformable DETR. */
    RT_DETR(Graphs.ONE, DETECT, TRACK),
    /** As its authors' own script exports it: picture size in, boxes in pixels out. */
    RT_DETR_NATIVE(Graphs.ONE, DETECT, TRACK),
    RF_DETR_NATIVE(Graphs.ONE, DETECT, TRACK),
    YOLO_DETECT(Graphs.ONE, DETECT, TRACK),
    YOLO_OBB(Graphs.ONE, DETECT, TRACK),
    YOLO_SEGMENT(Graphs.ONE, SEGMENT),
    YOLO_POSE(Graphs.ONE, POSE),
    YOLO_CLASSIFY(Graphs.ONE, CLASSIFY),
    YOLOX(Graphs.ONE, DETECT, TRACK),
    OWL_VIT(Graphs.ONE, DETECT, TRACK),
    OWL_V2(Graphs.ONE, DETECT, TRACK),
    GROUNDING_DINO(Graphs.ONE, DETECT, TRACK),
    SEMANTIC(Graphs.ONE, SEGMENT),
    MASKFORMER(Graphs.ONE, SEGMENT),
    MASK2FORMER(Graphs.ONE, SEGMENT),
    /** One map of probabilities: person or not, thing or background. */
    FOREGROUND(Graphs.ONE, SEGMENT),
    SAM(Graphs.SAM, SEGMENT),
    SAM2(Graphs.SAM, SEGMENT),
    VITPOSE(Graphs.ONE, POSE),
    MOVENET(Graphs.ONE, POSE),
    DEPTH_MAP(Graphs.ONE, DEPTH),
    /** TrOCR, Donut, and captions. */
    ENCODER_DECODER(Graphs.ENCODER_DECODER, OCR, VLM),
    PP_OCR(List.of(), OCR),
    FLORENCE2(Graphs.FLORENCE2, VLM, DETECT, TRACK, OCR),
    SMOLVLM(Graphs.DECODER_ONLY, VLM),
    QWEN2_VL(Graphs.DECODER_ONLY, VLM),
    LLAVA(Graphs.DECODER_ONLY, VLM),
    MOONDREAM(Graphs.DECODER_ONLY, VLM);

    private final List<List<String>> graphs;
    private final Set<Task> tasks;

    Family(List<List<String>> graphs, Task... tasks) {
        this.graphs = graphs;
        this.tasks = EnumSet.copyOf(List.of(tasks));
    }

    /** For people: {@code rt-detr}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean can(Task task) {
        return tasks.contains(task);
    }

    public Set<Task> tasks() {
        return EnumSet.copyOf(tasks);
    }

    /** The graphs that such a model consists of, in order of preference: any one of these sets will do. */
    public List<List<String>> graphs() {
        return graphs;
    }

    /** Names of graphs in exported repositories (spec 1.3). */
    private static final class Graphs {
        static final List<List<String>> ONE = List.of(List.of("model"));
        static final List<List<String>> CLIP = List.of(List.of("model"), List.of("vision_model", "text_model"));
        static final List<List<String>> SAM = List.of(List.of("vision_encoder", "prompt_encoder_mask_decoder"));
        static final List<List<String>> ENCODER_DECODER = List.of(
                List.of("encoder_model", "decoder_model_merged"),
                List.of("encoder_model", "decoder_model", "decoder_with_past_model"),
                List.of("encoder_model", "decoder_model"));
        static final List<List<String>> DECODER_ONLY =
                List.of(List.of("vision_encoder", "embed_tokens", "decoder_model_merged"));
        static final List<List<String>> FLORENCE2 =
                List.of(List.of("vision_encoder", "embed_tokens", "encoder_model", "decoder_model_merged"));
    }
}
