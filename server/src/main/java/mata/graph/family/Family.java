package mata.graph.family;

import java.util.List;
import mata.graph.Config;
import mata.graph.build.Graph;
import mata.safetensors.SafeTensors;

/** Models of one architecture: how their graphs are built from configuration and weights. Has no state. */
public interface Family {

    /** Whether this very model can be built: the right head, no variant that is not written here. */
    default boolean reads(Config config) {
        return true;
    }

    /**
     * The graphs that a published export of the model would consist of.
     *
     * @throws mata.problem.Rejected with {@code BadInput} naming the tensor that is missing or has another shape, or the key of
     *     {@code config.json} that makes no sense
     */
    List<Graph> graphs(Config config, SafeTensors weights);

    /** Whether the first entry of {@code architectures} ends so, or there is none to go by. */
    static boolean hasHead(Config config, String... endings) {
        List<String> architectures = config.texts("architectures");
        return architectures.isEmpty() || List.of(endings).stream().anyMatch(architectures.getFirst()::endsWith);
    }
}
