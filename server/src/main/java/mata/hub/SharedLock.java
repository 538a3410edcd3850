package mata.hub;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A lock on a file that the Python tools honour and that ends with the process that holds it. On Unix that is {@code flock(2)},
 * which Java's own locks neither see nor disturb; on Windows both lock the same way. Held by one opening of the file: a second
 * try from the same process finds it taken, too.
 */
final class SharedLock implements AutoCloseable {

    @FunctionalInterface
    private interface Release {
        void run() throws IOException;
    }

    private final Release release;

    private SharedLock(Release release) {
        this.release = release;
    }

    /** @return the lock, or empty while somebody else holds it */
    static Optional<SharedLock> tryTake(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        return file.getFileSystem().getSeparator().equals("\\") ? takeByJava(file) : takeByFlock(file);
    }

    private static Optional<SharedLock> takeByJava(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new SharedLock(channel::close));
            }
        } catch (OverlappingFileLockException heldByUs) {
            // Falls through to "taken".
        }
        channel.close();
        return Optional.empty();
    }

    private static Optional<SharedLock> takeByFlock(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (java.nio.file.FileAlreadyExistsException there) {
            // Made by an earlier pull, or by the Python tools; never removed, as they do.
        }
        int descriptor = Unix.open(file);
        int error = Unix.flock(descriptor);
        if (error == 0 || !Unix.isHeldByOther(error)) {
            // Some network file systems know no locks. The cache stays right without: blobs are renamed into place
            // whole.
            return Optional.of(new SharedLock(() -> Unix.close(descriptor)));
        }
        Unix.close(descriptor);
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        release.run();
    }

    /** The three calls of the C library. */
    private static final class Unix {

        private static final int READ_WRITE = 2;
        private static final int EXCLUSIVE_NOW = 2 | 4;
        /** EWOULDBLOCK on Linux, and on macOS and the BSDs. */
        private static final int TAKEN_LINUX = 11;

        private static final int TAKEN_BSD = 35;

        private static final Linker LINKER = Linker.nativeLinker();
        private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
        private static final MethodHandle OPEN = handle(
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                ERRNO,
                Linker.Option.firstVariadicArg(2));
        private static final MethodHandle FLOCK = handle(
                "flock",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                ERRNO);
        private static final MethodHandle CLOSE =
                handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

        @SuppressWarnings("restricted") // calling C is; the three shapes above are those of the manual pages
        private static MethodHandle handle(String name, FunctionDescriptor shape, Linker.Option... options) {
            return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), shape, options);
        }

        static int open(Path file) throws IOException {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
                int descriptor = (int) OPEN.invokeExact(state, arena.allocateFrom(file.toString()), READ_WRITE);
                if (descriptor < 0) {
                    throw new IOException("cannot open " + file + " (errno " + errno(state) + ")");
                }
                return descriptor;
            } catch (IOException e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        /** @return 0, or why not */
        static int flock(int descriptor) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
                int answer = (int) FLOCK.invokeExact(state, descriptor, EXCLUSIVE_NOW);
                return answer == 0 ? 0 : errno(state);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        static boolean isHeldByOther(int error) {
            return error == TAKEN_LINUX || error == TAKEN_BSD;
        }

        static void close(int descriptor) {
            try {
                int ignored = (int) CLOSE.invokeExact(descriptor);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        private static int errno(MemorySegment state) {
            return state.get(ValueLayout.JAVA_INT, 0);
        }
    }
}
