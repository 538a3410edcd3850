package mata.safetensors;

import java.nio.file.Path;
import java.util.List;

/**
 * One tensor of a file: row-major, little-endian.
 *
 * @param file where it really lies: not the symbolic link of a hub cache, but what the link points to
 * @param offset first byte, counted from the start of the file
 * @param length bytes
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, Path file, long offset, long length) {

    public StoredTensor {
        shape = List.copyOf(shape);
    }

    public long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }
}
