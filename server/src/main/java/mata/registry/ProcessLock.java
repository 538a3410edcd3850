package mata.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A lock that all processes of one data folder share. The system frees it when its holder ends, however it ends; the file
 * stays where it is.
 */
public final class ProcessLock implements AutoCloseable {

    private static final long PAUSE_NANOS = 2_000_000;

    private final FileChannel channel;

    private ProcessLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for it. */
    public static ProcessLock acquire(Path file) {
        return open(file, ProcessLock::waitFor)
                .orElseThrow(() -> new IllegalStateException("waiting for " + file + " ended without it"));
    }

    /** @return empty where another holds it, in this process or in another */
    public static Optional<ProcessLock> tryAcquire(Path file) {
        return open(file, ProcessLock::attempt);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException unlikely) {
            throw new UncheckedIOException(unlikely);
        }
    }

    private interface Locking {
        @Nullable
        FileLock lock(FileChannel channel) throws IOException;
    }

    private static Optional<ProcessLock> open(Path file, Locking locking) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean locked = false;
            try {
                locked = locking.lock(channel) != null;
                return locked ? Optional.of(new ProcessLock(channel)) : Optional.empty();
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("cannot lock " + file + ": " + impossible.getMessage(), impossible);
        }
    }

    private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldInThisProcess) {
            return null;
        }
    }

    /** The system's wait works between processes only: within one, the same lock is refused at once. */
    private static FileLock waitFor(FileChannel channel) throws IOException {
        while (true) {
            try {
                return channel.lock();
            } catch (OverlappingFileLockException heldInThisProcess) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
