package mata.safetensors;

import java.nio.file.Path;
import java.util.List;

/**
 * One tensor of a file: row-major, little-endian.
 *
 * @param file where it lies, as it was opened; may be a symbolic link, as in a hub cache
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
