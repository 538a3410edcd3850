package mata.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.graph.Config;
import mata.graph.NativeModels;
import mata.problem.Rejected;
import mata.safetensors.SafeTensors;
import mata.task.Task;

/** Whether a folder holds a model that we could serve, told without running it. */
final class Servable {

    private Servable() {}

    /** @throws Rejected BadInput: not this task, no family of ours, or a graph is missing */
    static void check(Path folder, NumberFormat format, Task task) {
        ModelFolder model = ModelFolder.read(folder, format);
        checkGraphs(model, Recognition.family(model, task));
    }

    /**
     * @return the first task in the order of {@link Task} that the model can do
     * @throws Rejected BadInput: no family of ours, or a graph is missing
     */
    static Task taskOf(Path folder, NumberFormat format) {
        ModelFolder model = ModelFolder.read(folder, format);
        Optional<Rejected> mismatch = Optional.empty();
        for (Task task : Task.values()) {
            Family family;
            try {
                family = Recognition.family(model, task);
            } catch (Rejected rejected) {
                mismatch = Optional.of(rejected);
                continue;
            }
            checkGraphs(model, family);
            return task;
        }
        throw mismatch.orElseThrow();
    }

    /** Graphs that the server writes over the model's own weights count as there. */
    private static boolean isWrittenByUs(ModelFolder model) {
        return SafeTensors.present(model.path())
                && NativeModels.canRead(Config.of(model.config().tree()));
    }

    private static void checkGraphs(ModelFolder model, Family family) {
        List<List<String>> choices = family.graphs();
        boolean complete = choices.isEmpty()
                || choices.stream().anyMatch(graphs -> graphs.stream().allMatch(model::hasGraph));
        if (!complete && !isWrittenByUs(model)) {
            choices.getFirst().forEach(model::graph); // says which is missing, and what is there instead
        }
    }
}
