package mata.safetensors;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a file of tensors, one after the other, so that no more than one of them is in memory. */
public final class SafeTensorsWriter {

    /** The header is filled up with blanks, so that the data is aligned. */
    private static final int ALIGNMENT = 64;

    private static final JsonMapper JSON = new JsonMapper();

    private SafeTensorsWriter() {}

    /** A tensor to be written; its data, little-endian and row-major, is asked for once. */
    public record Entry(String name, StoredType type, List<Long> shape, Data data) {

        public interface Data {
            ByteBuffer get() throws IOException;
        }

        public Entry {
            shape = List.copyOf(shape);
        }

        private long length() {
            return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        }
    }

    /** @param file must not exist yet */
    public static void write(Path file, List<Entry> entries) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            drain(out, header(entries));
            for (Entry entry : entries) {
                ByteBuffer data = entry.data().get();
                if (data.remaining() != entry.length()) {
                    throw new IllegalStateException(
                            entry.name() + " has " + data.remaining() + " bytes of " + entry.length());
                }
                drain(out, data);
            }
        }
    }

    private static ByteBuffer header(List<Entry> entries) throws IOException {
        var header = new LinkedHashMap<String, Object>();
        long offset = 0;
        for (Entry entry : entries) {
            long end = offset + entry.length();
            header.put(
                    entry.name(),
                    Map.of("dtype", entry.type().name(), "shape", entry.shape(), "data_offsets", List.of(offset, end)));
            offset = end;
        }
        byte[] text = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(Long.BYTES + text.length, ALIGNMENT) * ALIGNMENT - Long.BYTES;
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(padded).put(text);
        while (bytes.hasRemaining()) {
            bytes.put((byte) ' ');
        }
        return bytes.flip();
    }

    private static void drain(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
