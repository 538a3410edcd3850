package mata.picture;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Part of a byte string, read by offsets that nobody has checked yet. */
@SuppressWarnings("ArrayRecordComponent") // a view, never compared
record ByteSpan(byte[] bytes, int from, int length, ByteOrder order) {

    ByteSpan(byte[] bytes, ByteOrder order) {
        this(bytes, 0, bytes.length, order);
    }

    ByteSpan in(ByteOrder other) {
        return new ByteSpan(bytes, from, length, other);
    }

    /** What there is of {@code wanted} bytes from {@code at} on. */
    ByteSpan part(long at, long wanted) {
        int start = Math.clamp(at, 0, length);
        return new ByteSpan(bytes, from + start, Math.clamp(wanted, 0, length - start), order);
    }

    boolean has(long at, int count) {
        return at >= 0 && at + count <= length;
    }

    boolean startsWith(int... values) {
        if (!has(0, values.length)) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if (u8(i) != values[i]) {
                return false;
            }
        }
        return true;
    }

    boolean holds(long at, String ascii) {
        if (!has(at, ascii.length())) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (u8(at + i) != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Each byte as a character of its own. */
    String ascii() {
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    int u8(long at) {
        if (!has(at, 1)) {
            throw new Rejected(new Problem.BadInput(
                    "the picture is cut off: it ends after " + length + " bytes, in the middle of its header"));
        }
        return bytes[from + (int) at] & 0xff;
    }

    int u16(long at) {
        int first = u8(at);
        int second = u8(at + 1);
        return order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
    }

    long u32(long at) {
        long first = u16(at);
        long second = u16(at + 2);
        return order == ByteOrder.BIG_ENDIAN ? first << 16 | second : second << 16 | first;
    }
}
