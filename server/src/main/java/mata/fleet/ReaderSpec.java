package mata.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import mata.task.ModelRef;
import mata.task.Task;

/**
 * What a reader is to be: the same for all of its starts.
 *
 * @param folder where the model's files are
 * @param settings the model's own, from the registry
 * @param device what was asked for: {@code cpu}, {@code cuda}, {@code cuda:<n>}
 * @param groups the queues it pulls from, in order: at least one, none twice
 * @param bufferRequests its groups hold requests while no reader of theirs is live
 * @param heartbeatWait how long it may be silent while idle, whole seconds
 * @param loadTimeout from its start until it is live
 */
public record ReaderSpec(
        ModelRef model,
        Task task,
        Path folder,
        Map<String, String> settings,
        String device,
        List<String> groups,
        boolean bufferRequests,
        Duration heartbeatWait,
        Duration loadTimeout) {

    private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public ReaderSpec {
        settings = Map.copyOf(settings);
        groups = List.copyOf(groups);
        if (groups.isEmpty() || new HashSet<>(groups).size() < groups.size()) {
            throw new IllegalArgumentException("not a list of groups: " + groups);
        }
        groups.stream()
                .filter(group -> !GROUP.matcher(group).matches())
                .findFirst()
                .ifPresent(group -> {
                    throw new IllegalArgumentException("not a group's name: " + group);
                });
        if (heartbeatWait.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("a heartbeat wait below 1 s: " + heartbeatWait);
        }
    }
}
