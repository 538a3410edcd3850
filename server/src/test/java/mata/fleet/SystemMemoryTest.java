package mata.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against files as the kernel's documentation describes them: proc(5), and cgroup-v2 section "Memory". */
final class SystemMemoryTest {

    private static final long KB = 1024;
    private static final long MB = 1 << 20;

    @TempDir
    private Path root;

    @Test
    void withoutACgroupTheMachineCounts() throws IOException {
        machine();
        write("proc/self/cgroup", "0::/\n");

        assertThat(new SystemMemory(root).look())
                .isEqualTo(new Memory((16_000_000 - 12_000_000) * KB, 16_000_000 * KB));
    }

    @Test
    void aCgroupWithALimitCountsAndItsDroppablePagesAreFree() throws IOException {
        machine();
        write("proc/self/cgroup", "0::/app.slice/server\n");
        cgroup("app.slice/server", String.valueOf(2000 * MB), 1500 * MB, 600 * MB);

        assertThat(new SystemMemory(root).look()).isEqualTo(new Memory(900 * MB, 2000 * MB));
    }

    @Test
    void theTightestOfTheCgroupsAboveCounts() throws IOException {
        machine();
        write("proc/self/cgroup", "0::/app.slice/server\n");
        cgroup("app.slice/server", "max", 100 * MB, 0);
        cgroup("app.slice", String.valueOf(1000 * MB), 900 * MB, 0);

        assertThat(new SystemMemory(root).look()).isEqualTo(new Memory(900 * MB, 1000 * MB));
    }

    @Test
    void aLimitAboveTheMachineIsNone() throws IOException {
        machine();
        write("proc/self/cgroup", "0::/server\n");
        cgroup("server", String.valueOf(64_000 * MB), 100 * MB, 0);

        assertThat(new SystemMemory(root).look().totalBytes()).isEqualTo(16_000_000 * KB);
    }

    private void machine() throws IOException {
        write("proc/meminfo", """
                MemTotal:       16000000 kB
                MemFree:         1000000 kB
                MemAvailable:   12000000 kB
                """);
    }

    private void cgroup(String path, String max, long current, long inactiveFile) throws IOException {
        write("sys/fs/cgroup/" + path + "/memory.max", max + "\n");
        write("sys/fs/cgroup/" + path + "/memory.current", current + "\n");
        write("sys/fs/cgroup/" + path + "/memory.stat", "anon 12345\ninactive_file " + inactiveFile + "\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
