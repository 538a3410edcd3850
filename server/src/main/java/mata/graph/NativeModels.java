package mata.graph;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import mata.graph.build.Graph;
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
        return family(config).graphs(config, weights).stream()
                .map(NativeGraph::of)
                .toList();
    }

    /**
     * The same with the weights of linear layers packed into few bits. That is done once: the packed checkpoint is kept.
     *
     * @param cache folder for packed checkpoints; may not exist yet
     * @throws Rejected as above
     * @throws IOException when the packed checkpoint cannot be written
     */
    public static List<NativeGraph> graphs(Config config, SafeTensors weights, Precision precision, Path cache)
            throws IOException {
        if (precision == Precision.STORED) {
            return graphs(config, weights);
        }
        var linear = new HashSet<String>();
        List<Graph> plain = family(config).graphs(config, weights);
        plain.forEach(graph -> linear.addAll(graph.linearWeights()));
        plain.forEach(graph -> linear.removeAll(graph.otherWeights()));
        return graphs(config, new PackedWeights(weights, linear, precision.bits()).in(cache));
    }

    private static Family family(Config config) {
        return Families.of(config.modelType())
                .filter(known -> known.reads(config))
                .orElseThrow(() -> new Rejected(new Problem.BadInput("no graph can be built for model_type \""
                        + config.modelType() + "\" with the architecture " + config.texts("architectures")
                        + "; known model types: " + String.join(", ", Families.names()))));
    }
}
