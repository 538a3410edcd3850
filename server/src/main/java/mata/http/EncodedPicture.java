package mata.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A picture as base64 within a request body, not decoded yet: a span of the body's bytes, so that megabytes of text are never
 * copied into a {@code String}.
 *
 * @param escaped whether the span holds JSON escapes ({@code \/}, {@code \n})
 */
@SuppressWarnings("ArrayRecordComponent") // the whole request body, never compared
record EncodedPicture(byte[] body, int from, int to, boolean escaped) {

    private static final byte[] DATA_URL = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_DATA_PREFIX = 100;

    static EncodedPicture of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new EncodedPicture(bytes, 0, bytes.length, false);
    }

    boolean isEmpty() {
        return from == to;
    }

    /**
     * The picture's bytes. Line breaks and blanks within the base64 are skipped, and {@code data:…;base64,} before it.
     *
     * @throws IllegalArgumentException when it is not base64; the message says why, for the caller
     */
    byte[] decode() {
        int start = from + dataPrefix();
        try {
            return decode(ByteBuffer.wrap(body, start, to - start));
        } catch (IllegalArgumentException e) {
            return decodeLetters(letters(start));
        }
    }

    private static byte[] decodeLetters(byte[] letters) {
        try {
            return decode(ByteBuffer.wrap(letters));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it ends in the middle of a group, or has '=' before its end", e);
        }
    }

    private static byte[] decode(ByteBuffer base64) {
        ByteBuffer decoded = Base64.getDecoder().decode(base64);
        byte[] array = decoded.array();
        int start = decoded.arrayOffset();
        return start == 0 && decoded.remaining() == array.length
                ? array
                : Arrays.copyOfRange(array, start, start + decoded.remaining());
    }

    /** Length of {@code data:image/png;base64,} at the start of the span, or 0. */
    private int dataPrefix() {
        int end = Math.min(to, from + LONGEST_DATA_PREFIX);
        if (end - from < DATA_URL.length
                || !Arrays.equals(body, from, from + DATA_URL.length, DATA_URL, 0, DATA_URL.length)) {
            return 0;
        }
        for (int i = from; i < end; i++) {
            if (body[i] == ',') {
                String head = new String(body, from, i - from, StandardCharsets.US_ASCII);
                if (!head.endsWith(";base64")) {
                    break;
                }
                return i + 1 - from;
            }
        }
        throw new IllegalArgumentException("a data URL must read data:<type>;base64,<data>");
    }

    /** The base64 alone, without escapes, blanks and line breaks. */
    private byte[] letters(int start) {
        byte[] letters = new byte[to - start];
        int count = 0;
        for (int i = start; i < to; i++) {
            byte c = body[i];
            if (escaped && c == '\\' && i + 1 < to) {
                c = unescaped(body[++i]);
            }
            if (isLetter(c)) {
                letters[count++] = c;
            } else if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                throw new IllegalArgumentException("%s at character %d".formatted(shown(c), i - from));
            }
        }
        return Arrays.copyOf(letters, count);
    }

    private static byte unescaped(byte escape) {
        return switch (escape) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case '/' -> '/';
            default -> '\\'; // no other escape can stand for a character of base64
        };
    }

    @Override
    public String toString() {
        return "<" + (to - from) + " characters>";
    }

    private static boolean isLetter(byte c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '=';
    }

    private static String shown(byte c) {
        return c > ' ' && c < 127 ? "'" + (char) c + "'" : "byte 0x%02x".formatted(c);
    }
}
