package mata.hub;

import java.util.Optional;
import mata.task.Task;

/**
 * What to bring here.
 *
 * @param model a hub id ({@code org/name}), the name of a pip backend, a hub URL, or a local folder
 * @param task what it will be asked to do; empty = what its own configuration says
 * @param revision branch, tag or commit on the hub; empty = {@code main}
 * @param dtype which variant of the weights to take ({@code fp32 fp16 q8 …}); empty = the server's setting
 * @param name the id under which to register a local folder; empty = as its configuration suggests
 */
public record PullRequest(
        String model, Optional<Task> task, Optional<String> revision, Optional<String> dtype, Optional<String> name) {

    public PullRequest(String model, Task task) {
        this(model, Optional.of(task), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
