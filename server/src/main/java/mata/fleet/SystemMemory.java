package mata.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Memory as Linux tells it: of the cgroup this process is in, where that has a limit below the machine's, else of the machine.
 * File pages that can be dropped at once count as free, as in {@code MemAvailable}.
 */
public final class SystemMemory implements MemoryProbe {

    private final Path root;

    public SystemMemory() {
        this(Path.of("/"));
    }

    /** @param root where {@code proc} and {@code sys} are */
    SystemMemory(Path root) {
        this.root = root;
    }

    @Override
    public Memory look() {
        Memory machine = machine();
        return cgroups()
                .map(this::cgroup)
                .filter(memory -> memory.totalBytes() < machine.totalBytes())
                .min(Comparator.comparingLong(memory -> memory.totalBytes() - memory.usedBytes()))
                .orElse(machine);
    }

    private Memory machine() {
        List<String> lines = lines(root.resolve("proc/meminfo"));
        long total = 1024 * value(lines, "MemTotal:").orElseThrow();
        return new Memory(total - 1024 * value(lines, "MemAvailable:").orElseThrow(), total);
    }

    /** The folder of this process's cgroup (version 2) and those above it: the tightest limit holds. */
    private Stream<Path> cgroups() {
        Path mount = root.resolve("sys/fs/cgroup");
        return lines(root.resolve("proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> mount.resolve(line.substring("0::/".length())))
                .flatMap(own -> Stream.iterate(own, path -> path.startsWith(mount), Path::getParent))
                .filter(path -> Files.exists(path.resolve("memory.max")));
    }

    private Memory cgroup(Path folder) {
        String limit = lines(folder.resolve("memory.max")).getFirst();
        long total = limit.equals("max") ? Long.MAX_VALUE : Long.parseLong(limit);
        long current = Long.parseLong(lines(folder.resolve("memory.current")).getFirst());
        long droppable =
                value(lines(folder.resolve("memory.stat")), "inactive_file").orElse(0);
        return new Memory(Math.max(0, current - droppable), total);
    }

    /** The number in the line that begins with this word. */
    private static OptionalLong value(List<String> lines, String word) {
        return lines.stream()
                .map(line -> line.split("\\s+"))
                .filter(parts -> parts[0].equals(word))
                .mapToLong(parts -> Long.parseLong(parts[1]))
                .findFirst();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
