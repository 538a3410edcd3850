package mata.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Arrays as numpy saves them: little-endian, row-major. Numbers come out as double, whatever they were. */
@SuppressWarnings("ArrayRecordComponent")
record Npy(double[] values, long... shape) {

    private static final Pattern HEADER =
            Pattern.compile("'descr': '[<|]([fib])(\\d)', 'fortran_order': False, 'shape': \\(([^)]*)\\)");

    static Npy read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getShort(8);
        Matcher header = HEADER.matcher(new String(bytes.array(), 10, length, StandardCharsets.ISO_8859_1));
        if (!header.find()) {
            throw new IOException(file + " has a header that is not understood");
        }
        long[] shape = Arrays.stream(header.group(3).split(","))
                .map(String::strip)
                .filter(dim -> !dim.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();
        ByteBuffer data =
                bytes.slice(10 + length, bytes.capacity() - 10 - length).order(ByteOrder.LITTLE_ENDIAN);
        double[] values = new double[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (header.group(1) + header.group(2)) {
                case "f4" -> data.getFloat();
                case "f8" -> data.getDouble();
                case "i8" -> data.getLong();
                case "i4" -> data.getInt();
                case "b1" -> data.get();
                default -> throw new IOException(file + " holds " + header.group(1) + header.group(2));
            };
        }
        return new Npy(values, shape);
    }
}
