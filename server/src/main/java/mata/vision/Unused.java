package mata.vision;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import mata.params.Parameter;
import mata.params.Params;
import mata.problem.Rejected;
import mata.task.Task;

/**
 * What becomes of parameters that a model has no use for although others of its task have.
 *
 * @param read those that it does read
 */
record Unused(Set<Parameter> read, Set<Task> tasks) {

    Unused {
        read = Set.copyOf(read);
        tasks = Set.copyOf(tasks);
    }

    /** @throws Rejected with {@code Invalid} for prompts: whoever gives them waits for what this model cannot find */
    void refuse(Params params) {
        if (params.has(Parameter.PROMPTS) && !read.contains(Parameter.PROMPTS)) {
            throw Rejected.invalid(
                    "params.prompts",
                    "value_error",
                    "this model takes no prompts: it finds its own fixed set of labels");
        }
    }

    List<String> warnings(Params params) {
        return Arrays.stream(Parameter.values())
                .filter(parameter -> params.has(parameter) && !read.contains(parameter))
                .filter(parameter -> tasks.stream().anyMatch(parameter::usedBy))
                .map(parameter -> parameter.word() + ": not used by this model")
                .toList();
    }
}
