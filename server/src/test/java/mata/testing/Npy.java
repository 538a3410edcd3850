package mata.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A matrix of float32 in NumPy's file format, version 1. */
public record Npy(int rows, int columns, ByteBuffer values) {

    private static final Pattern SHAPE =
            Pattern.compile("'descr': '<f4'.*'fortran_order': False.*'shape': \\((\\d+), (\\d+)\\)");

    private static final int HEADER_AT = 10;

    public static Npy read(Path file) {
        return read(Fixture.bytes(file));
    }

    public static Npy read(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getShort(HEADER_AT - 2);
        String header = new String(bytes.array(), HEADER_AT, length, StandardCharsets.US_ASCII);
        Matcher shape = SHAPE.matcher(header);
        if (!shape.find()) {
            throw new IllegalArgumentException("no matrix of float32: " + header);
        }
        return new Npy(
                Integer.parseInt(shape.group(1)),
                Integer.parseInt(shape.group(2)),
                bytes.slice(HEADER_AT + length, bytes.capacity() - HEADER_AT - length)
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    public float at(int row, int column) {
        return values.getFloat(Float.BYTES * (row * columns + column));
    }
}
