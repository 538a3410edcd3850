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
 * @param allowTwin whether somebody else's export of the same weights may stand in; the server's setting may allow it, too
 */
public record PullRequest(
        String model,
        Optional<Task> task,
        Optional<String> revision,
        Optional<String> dtype,
        Optional<String> name,
        boolean allowTwin) {

    public PullRequest(String model, Task task) {
        this(model, Optional.of(task), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Without a twin, unless the server's setting allows it. */
    public PullRequest(
            String model,
            Optional<Task> task,
            Optional<String> revision,
            Optional<String> dtype,
            Optional<String> name) {
        this(model, task, revision, dtype, name, false);
    }
}
