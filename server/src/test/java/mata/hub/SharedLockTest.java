package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SharedLockTest {

    @TempDir
    private Path folder;

    @Test
    void aLockIsTakenOnceAndFreeAgainWhenClosed() throws Exception {
        Path file = folder.resolve("locks/a.lock");
        try (SharedLock _ = SharedLock.tryTake(file).orElseThrow()) {
            assertThat(SharedLock.tryTake(file)).isEmpty();
        }
        try (SharedLock _ = SharedLock.tryTake(file).orElseThrow()) {
            assertThat(file).exists();
        }
    }

    @Test
    void theToolsOfTheSystemSeeTheLock() throws Exception {
        Path file = folder.resolve("a.lock");
        Process free = new ProcessBuilder("flock", "--nonblock", file.toString(), "true").start();
        assertThat(free.waitFor()).isZero();

        try (SharedLock _ = SharedLock.tryTake(file).orElseThrow()) {
            Process taken = new ProcessBuilder("flock", "--nonblock", file.toString(), "true").start();
            assertThat(taken.waitFor()).isEqualTo(1);
        }
    }
}
