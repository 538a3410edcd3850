package mata.graph;

import java.util.List;
import mata.graph.family.Families;
import mata.graph.family.Family;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.safetensors.SafeTensors;

/** The door: which checkpoints can run without an export, and their graphs. */
public final class NativeModels {

    private NativeModels() {}

    /** Whether {@link #graphs} knows this model, judged by {@code config.json} alone: before any weight is fetched. */
    public static boolean canRead(Config config) {
        return Families.of(config.modelType())
                .filter(family -> family.reads(config))
                .isPresent();
    }

    /**
     * The graphs of a model, with the inputs and outputs of its usual ONNX export.
     *
     * @throws Rejected with {@code BadInput}: the family is unknown, or a tensor is missing or of another shape than
     *     {@code config.json} says; the detail names it
     */
    public static List<NativeGraph> graphs(Config config, SafeTensors weights) {
        Family family = Families.of(config.modelType())
                .filter(known -> known.reads(config))
                .orElseThrow(() -> new Rejected(new Problem.BadInput("no graph can be built for model_type \""
                        + config.modelType() + "\" with the architecture " + config.texts("architectures")
                        + "; known model types: " + String.join(", ", Families.names()))));
        return family.graphs(config, weights).stream().map(NativeGraph::of).toList();
    }
}
