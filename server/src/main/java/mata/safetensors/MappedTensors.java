package mata.safetensors;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Files of weights as memory: pages are read when they are touched and can be dropped again. Safe to share between threads;
 * what {@link #bytes} gave must not be touched after {@link #close}.
 */
public final class MappedTensors implements AutoCloseable {

    private final Arena arena = Arena.ofShared();
    private final Map<Path, MemorySegment> files = new HashMap<>();

    /** Maps every file that one of {@code tensors} lies in. */
    public static MappedTensors of(Collection<StoredTensor> tensors) throws IOException {
        var mapped = new MappedTensors();
        try {
            for (StoredTensor tensor : tensors) {
                if (!mapped.files.containsKey(tensor.file())) {
                    mapped.map(tensor.file());
                }
            }
            return mapped;
        } catch (IOException | RuntimeException failed) {
            mapped.close();
            throw failed;
        }
    }

    private void map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            files.put(file, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /** The tensor's own bytes, little-endian; read only, not copied. */
    public MemorySegment bytes(StoredTensor tensor) {
        MemorySegment file = files.get(tensor.file());
        if (file == null) {
            throw new IllegalArgumentException(tensor.name() + " lies in " + tensor.file() + ", which is not mapped");
        }
        return file.asSlice(tensor.offset(), tensor.length());
    }

    @Override
    public void close() {
        arena.close();
    }
}
