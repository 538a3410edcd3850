package mata.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * The head of one file: eight bytes with its length (little-endian), then JSON that names every tensor, its type, shape and
 * byte range. The rules are those of the format's own description: at most 100 MB, ranges that cover the rest of the file
 * without gap or overlap, no name twice.
 */
final class Header {

    private static final long LARGEST = 100_000_000;
    private static final String METADATA = "__metadata__";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final Path real;
    private final long dataStart;
    private final long dataLength;

    private Header(Path file, Path real, long dataStart, long dataLength) {
        this.file = file;
        this.real = real;
        this.dataStart = dataStart;
        this.dataLength = dataLength;
    }

    /** @return the tensors in the order of their bytes */
    static List<StoredTensor> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            if (size < Long.BYTES) {
                throw malformed(file, "is " + size + " bytes long, too short for a header");
            }
            long length = bytes(channel, 0, Long.BYTES).getLong();
            if (length < 0 || length > LARGEST) {
                throw malformed(
                        file,
                        "announces a header of " + Long.toUnsignedString(length) + " bytes; the limit is " + LARGEST);
            }
            if (Long.BYTES + length > size) {
                throw malformed(
                        file,
                        "announces a header of " + length + " bytes but is only " + size
                                + " bytes long: an incomplete download?");
            }
            byte[] text = bytes(channel, Long.BYTES, (int) length).array();
            if (text.length == 0 || text[0] != '{') {
                throw malformed(file, "has a header that does not start with '{'");
            }
            return new Header(file, file.toRealPath(), Long.BYTES + length, size - Long.BYTES - length).tensors(text);
        } catch (NoSuchFileException _) {
            throw new Rejected(new Problem.BadInput(file.getFileName() + ": no such file"));
        }
    }

    private static ByteBuffer bytes(FileChannel channel, long from, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
            // until it is full
        }
        return buffer.flip();
    }

    private List<StoredTensor> tensors(byte[] text) throws IOException {
        JsonNode entries;
        try {
            entries = JSON.readTree(text);
        } catch (JsonProcessingException broken) {
            throw malformed(file, "has a header that is not JSON: " + broken.getOriginalMessage());
        }
        var tensors = new ArrayList<StoredTensor>();
        for (Map.Entry<String, JsonNode> entry : entries.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.add(tensor(entry.getKey(), entry.getValue()));
            } else if (!entry.getValue().isObject()) {
                throw malformed(file, "has a " + METADATA + " that is no object");
            }
        }
        tensors.sort(Comparator.comparingLong(StoredTensor::offset).thenComparingLong(StoredTensor::length));
        checkCover(tensors);
        return tensors;
    }

    private StoredTensor tensor(String name, JsonNode entry) {
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw malformed(file, "names a tensor \"" + printable(name) + "\"");
        }
        String typeName = entry.path("dtype").asText("");
        StoredType type = StoredType.of(typeName)
                .orElseThrow(() -> malformed(name, "has the unknown dtype \"" + printable(typeName) + "\""));
        List<Long> shape = numbers(name, "shape", entry);
        List<Long> range = numbers(name, "data_offsets", entry);
        if (range.size() != 2 || range.get(0) > range.get(1)) {
            throw malformed(name, "has the data_offsets " + range + ", not a first and a last byte");
        }
        if (range.get(1) > dataLength) {
            throw malformed(name, "ends at byte " + range.get(1) + " of " + dataLength + ": an incomplete download?");
        }
        long wanted = bytesOf(name, type, shape);
        long length = range.get(1) - range.get(0);
        if (wanted != length) {
            throw malformed(name, "fills " + length + " bytes, but " + type + " " + shape + " takes " + wanted);
        }
        return new StoredTensor(name, type, shape, real, dataStart + range.get(0), length);
    }

    private List<Long> numbers(String name, String key, JsonNode entry) {
        JsonNode list = entry.path(key);
        if (!list.isArray()) {
            throw malformed(name, "has no list " + key);
        }
        var numbers = new ArrayList<Long>();
        for (JsonNode item : list) {
            if (!item.isIntegralNumber() || !item.canConvertToLong() || item.longValue() < 0) {
                throw malformed(name, "has " + printable(item.toString()) + " in its " + key + ", no count");
            }
            numbers.add(item.longValue());
        }
        return numbers;
    }

    private long bytesOf(String name, StoredType type, List<Long> shape) {
        try {
            return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
        } catch (ArithmeticException _) {
            throw malformed(name, "has a shape too large to count: " + shape);
        }
    }

    private void checkCover(List<StoredTensor> byOffset) {
        long covered = dataStart;
        for (StoredTensor tensor : byOffset) {
            if (tensor.offset() < covered) {
                throw malformed(
                        tensor.name(), "overlaps the tensor before it by " + (covered - tensor.offset()) + " bytes");
            }
            if (tensor.offset() > covered) {
                throw malformed(tensor.name(), "leaves a gap of " + (tensor.offset() - covered) + " bytes before it");
            }
            covered += tensor.length();
        }
        if (covered != dataStart + dataLength) {
            throw malformed(file, "has " + (dataStart + dataLength - covered) + " bytes after its last tensor");
        }
    }

    private Rejected malformed(String tensor, String fault) {
        return malformed(file, "is malformed: tensor " + tensor + " " + fault);
    }

    private static Rejected malformed(Path file, String fault) {
        return new Rejected(new Problem.BadInput(file.getFileName() + " " + fault));
    }

    /** What came from a file and goes into a message: short, on one line. */
    private static String printable(String text) {
        String shown = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return shown.codePoints()
                .mapToObj(c ->
                        Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", c) : Character.toString(c))
                .collect(java.util.stream.Collectors.joining());
    }
}
