package mata.params;

import static mata.task.Task.CLASSIFY;
import static mata.task.Task.DEPTH;
import static mata.task.Task.DETECT;
import static mata.task.Task.OCR;
import static mata.task.Task.POSE;
import static mata.task.Task.SEGMENT;
import static mata.task.Task.TRACK;
import static mata.task.Task.VLM;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import mata.task.Task;

/**
 * Every parameter of an inference request: its name, what values it takes, and the tasks that read it. This table is the
 * one source for checking, for the form fields of an upload and for the API description.
 */
public enum Parameter {
    CONFIDENCE("confidence", new Shape.Fraction(), Form.YES, DETECT, SEGMENT, CLASSIFY, POSE, TRACK),
    PROMPTS("prompts", new Shape.Words(), Form.YES, DETECT, SEGMENT, CLASSIFY, TRACK),
    PROMPT("prompt", new Shape.Text(), Form.YES, VLM),
    SYSTEM_PROMPT("system_prompt", new Shape.Text(), Form.NO, VLM),
    MAX_TOKENS("max_tokens", new Shape.Whole(1, Integer.MAX_VALUE), Form.YES, VLM, OCR),
    TEMPERATURE("temperature", new Shape.Real(0, Double.MAX_VALUE), Form.YES, VLM),
    TOP_P("top_p", new Shape.Fraction(), Form.NO, VLM),
    TOP_K("top_k", new Shape.Whole(1, Integer.MAX_VALUE), Form.YES, CLASSIFY, VLM),
    OUTPUT_MODE("output_mode", new Shape.OneOf("json", "detect", "classify", "describe"), Form.YES, VLM),
    USE_SOFTMAX("use_softmax", new Shape.Flag(), Form.NO, CLASSIFY),
    LANGUAGE("language", new Shape.Text(), Form.YES, OCR),
    OCR_TYPE("ocr_type", new Shape.OneOf("ocr", "format"), Form.YES, OCR),
    DETAIL("detail", new Shape.Whole(0, 1), Form.YES, OCR),
    NORMALIZE("normalize", new Shape.Flag(), Form.NO, DEPTH),
    TARGET_SIZE("target_size", new Shape.Size(), Form.NO, DEPTH),
    POINT_PROMPTS("point_prompts", new Shape.Rows(3), Form.NO, SEGMENT),
    BOX_PROMPTS("box_prompts", new Shape.Rows(4), Form.NO, SEGMENT, POSE),
    DETECTION_CONFIDENCE("detection_confidence", new Shape.Fraction(), Form.NO, SEGMENT),
    SEGMENTATION_CONFIDENCE("segmentation_confidence", new Shape.Fraction(), Form.NO, SEGMENT),
    // Additive: what the families can do beyond the page's table.
    IOU("iou", new Shape.Fraction(), Form.NO, DETECT, SEGMENT, POSE, TRACK),
    MASK_THRESHOLD("mask_threshold", new Shape.Fraction(), Form.NO, SEGMENT),
    OVERLAP_THRESHOLD("overlap_threshold", new Shape.Fraction(), Form.NO, SEGMENT),
    SEGMENT_KIND("segment_kind", new Shape.OneOf("semantic", "panoptic", "instance"), Form.NO, SEGMENT),
    TEXT_THRESHOLD("text_threshold", new Shape.Fraction(), Form.NO, DETECT, SEGMENT, TRACK),
    PROMPT_TEMPLATE("prompt_template", new Shape.Template(), Form.NO, DETECT, CLASSIFY, TRACK),
    SEED("seed", new Shape.Whole(0, Integer.MAX_VALUE), Form.NO, VLM, OCR),
    MASK_FORMAT("mask_format", new Shape.OneOf("png", "rle", "polygon"), Form.NO, SEGMENT),
    TRACKER("tracker", new Shape.OneOf("botsort", "bytetrack"), Form.NO, TRACK),
    TRACK_HIGH("track_high", new Shape.Fraction(), Form.NO, TRACK),
    TRACK_LOW("track_low", new Shape.Fraction(), Form.NO, TRACK),
    TRACK_NEW("track_new", new Shape.Fraction(), Form.NO, TRACK),
    TRACK_BUFFER("track_buffer", new Shape.Whole(0, 3600), Form.NO, TRACK),
    TRACK_MATCH("track_match", new Shape.Fraction(), Form.NO, TRACK),
    FUSE_SCORE("fuse_score", new Shape.Flag(), Form.NO, TRACK),
    CAMERA_MOTION("camera_motion", new Shape.Flag(), Form.NO, TRACK);

    /** Whether the parameter may come as a form field of an upload. */
    private enum Form {
        YES,
        NO
    }

    private static final Map<String, Parameter> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Parameter::word, Function.identity()));

    private final String word;
    private final Shape shape;
    private final boolean inForm;
    private final Set<Task> tasks;

    Parameter(String word, Shape shape, Form form, Task... tasks) {
        this.word = word;
        this.shape = shape;
        this.inForm = form == Form.YES;
        this.tasks = EnumSet.copyOf(List.of(tasks));
    }

    public static Optional<Parameter> of(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    /** The name in requests. */
    public String word() {
        return word;
    }

    public Shape shape() {
        return shape;
    }

    public boolean inForm() {
        return inForm;
    }

    public boolean usedBy(Task task) {
        return tasks.contains(task);
    }
}
