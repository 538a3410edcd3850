package mata.folder;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.Task;

/**
 * Tells a model's family by its files (spec, section 2): by {@code model_type}, timm's config.json, the metadata of YOLO
 * exports, and at last by the names and ranks of tensors.
 */
public final class Recognition {

    private static final Map<String, Family> YOLO_TASKS = Map.of(
            "detect", Family.YOLO_DETECT,
            "segment", Family.YOLO_SEGMENT,
            "pose", Family.YOLO_POSE,
            "classify", Family.YOLO_CLASSIFY,
            "obb", Family.YOLO_OBB);

    private Recognition() {}

    /**
     * @throws Rejected with {@code BadInput}: the files are of no known family (the detail lists inputs and outputs), or
     *     "task mismatch" and what the model can do
     */
    public static Family family(ModelFolder folder, Task task) {
        return choose(families(folder), task, folder.modelType().orElse(""));
    }

    /**
     * Before anything but config.json is at hand.
     *
     * @return whether a model with this config.json may serve the task, as far as it tells
     * @throws Rejected with {@code BadInput} "task mismatch" when it cannot
     */
    public static boolean mayServe(Entries config, Task task) {
        Set<Family> families = ModelTypes.families(config);
        if (!families.isEmpty()) {
            choose(families, task, config.text("model_type").orElse(""));
        }
        return !families.isEmpty();
    }

    /** The families that a model may belong to, judged by its config.json alone; empty where that says nothing we know. */
    public static Set<Family> families(Entries config) {
        return ModelTypes.families(config);
    }

    /** @throws Rejected with {@code BadInput} "task mismatch" when none of the families can do it */
    public static Family choose(Set<Family> families, Task task) {
        return choose(families, task, "");
    }

    private static Family choose(Set<Family> families, Task task, String modelType) {
        return families.stream().filter(family -> family.can(task)).findFirst().orElseThrow(() -> {
            Set<Task> tasks = new TreeSet<>();
            families.forEach(family -> tasks.addAll(family.tasks()));
            return new Rejected(new Problem.BadInput("task mismatch: asked for " + task.word() + ", but "
                    + (modelType.isEmpty() ? "this model" : "this model (" + modelType + ")") + " can do: "
                    + tasks.stream().map(Task::word).collect(Collectors.joining(", "))));
        });
    }

    /**
     * The families that a model belongs to; more than one where the same graph serves several.
     *
     * @throws Rejected with {@code BadInput}: none that we know; the detail lists inputs and outputs
     */
    public static Set<Family> families(ModelFolder folder) {
        Set<Family> byType = ModelTypes.families(folder.config());
        if (byType.size() == 1 && !byType.contains(Family.DETR_PANOPTIC)) {
            return byType;
        }
        if (folder.isTimm()) {
            return EnumSet.of(Family.CLASSIFIER);
        }
        if (byType.isEmpty() && !folder.hasGraph("model") && hasPpOcrGraphs(folder)) {
            return EnumSet.of(Family.PP_OCR);
        }
        return families(folder, folder.header("model"));
    }

    /**
     * The families that a model belongs to where config.json does not decide it alone.
     *
     * @param graph of the graph {@code model}, which need not lie in the folder
     * @throws Rejected with {@code BadInput}: none that we know; the detail lists inputs and outputs
     */
    public static Set<Family> families(ModelFolder folder, GraphHeader graph) {
        Set<Family> byType = ModelTypes.families(folder.config());
        if (!byType.isEmpty()) {
            return byHead(byType, graph);
        }
        Family yolo = YOLO_TASKS.get(graph.metadata().getOrDefault("task", ""));
        return EnumSet.of(yolo != null ? yolo : byTensors(folder, graph));
    }

    /** Of several heads that a model type may have, those that this graph has. */
    private static Set<Family> byHead(Set<Family> families, GraphHeader graph) {
        Set<Family> fitting = EnumSet.noneOf(Family.class);
        for (Family family : families) {
            boolean fits = switch (family) {
                case DETR -> graph.output("pred_boxes").isPresent();
                case DETR_PANOPTIC -> graph.output("pred_masks").isPresent();
                case CLASSIFIER -> rank(graph, "logits") == 2;
                case SEMANTIC -> rank(graph, "logits") == 4;
                case DEPTH_MAP -> graph.output("predicted_depth").isPresent();
                default -> true;
            };
            if (fits) {
                fitting.add(family);
            }
        }
        if (fitting.isEmpty()) {
            throw unknown("the graph has none of the heads that are known for this model_type", graph);
        }
        return fitting;
    }

    private static int rank(GraphHeader graph, String output) {
        return graph.output(output).map(GraphHeader.Port::rank).orElse(-1);
    }

    /** The table's rows, top to bottom. */
    private static Family byTensors(ModelFolder folder, GraphHeader graph) {
        boolean images = graph.input("images").isPresent();
        if (graph.output("logits").isPresent() && graph.output("pred_boxes").isPresent()) {
            return detr(folder, graph);
        } else if (images && graph.input("orig_target_sizes").isPresent()) {
            return Family.RT_DETR_NATIVE;
        } else if (graph.output("dets").isPresent() && graph.output("labels").isPresent()) {
            return Family.RF_DETR_NATIVE;
        } else if (images && graph.output("output0").isPresent()) {
            return graph.output("output1").isPresent() ? Family.YOLO_SEGMENT : Family.YOLO_DETECT;
        } else if (images && rank(graph, "output") == 3) {
            return Family.YOLOX;
        } else if (graph.input("pixel_values").isPresent() && rank(graph, "logits") == 2) {
            return Family.CLASSIFIER;
        } else if (graph.input("pixel_values").isPresent() && rank(graph, "logits") == 4) {
            return Family.SEMANTIC;
        } else if (graph.output("predicted_depth").isPresent()) {
            return Family.DEPTH_MAP;
        } else if (graph.input("x").isPresent() && isPpOcr(graph)) {
            return Family.PP_OCR;
        }
        throw unknown(
                folder.modelType()
                        .map(type -> "model_type \"" + type + "\" is not known, and the graph is of no known family")
                        .orElse("no file says what model this is, and the graph is of no known family"),
                graph);
    }

    private static Family detr(ModelFolder folder, GraphHeader graph) {
        long columns = graph.output("logits").orElseThrow().dimension(-1);
        int labels = folder.labels(graph.metadata()).count();
        if (labels > 0 && columns == labels + 1) {
            return Family.DETR;
        } else if (labels > 0 && columns == labels) {
            return Family.RT_DETR;
        }
        throw unknown(
                "whether the last of " + columns + " columns of logits means \"no object\" cannot be told from "
                        + labels + " labels: give model_type or id2label in config.json",
                graph);
    }

    /** Its graphs come together, none of them called {@code model}. */
    private static boolean hasPpOcrGraphs(ModelFolder folder) {
        return folder.graphs().stream()
                .map(GraphHeader::read)
                .anyMatch(graph -> graph.input("x").isPresent() && isPpOcr(graph));
    }

    private static boolean isPpOcr(GraphHeader graph) {
        return graph.metadata().containsKey("character")
                || (graph.outputs().getFirst().rank() == 4
                        && graph.outputs().getFirst().dimension(1) == 1);
    }

    private static Rejected unknown(String why, GraphHeader graph) {
        return new Rejected(new Problem.BadInput(why + ": " + graph.ports()));
    }
}
