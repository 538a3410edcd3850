package mata.scheduler;

import java.time.Duration;
import java.util.OptionalInt;
import mata.params.Params;
import mata.task.ModelRef;
import mata.task.Task;

/**
 * One picture for one model. {@code picture} is the encoded file as the client sent it; do not change it afterwards.
 *
 * @param task what to do with it: the model's own task, or a task that shares its readers (track on a detect model)
 * @param limit how long the caller waits, from submission to answer
 * @param keepAliveSeconds overrides how long the model stays afterwards; -1 = for ever
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes, never compared
public record Job(
        ModelRef model, Task task, byte[] picture, Params params, Duration limit, OptionalInt keepAliveSeconds) {}
