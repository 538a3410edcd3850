package mata.picture;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** The first directory of a TIFF, which is also how EXIF is laid out (TIFF 6.0, section 2). */
final class TiffHeader {

    private static final int WIDTH = 256;
    private static final int HEIGHT = 257;
    private static final int ORIENTATION = 274;
    private static final int XMP = 700;

    private static final int BYTE = 1;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int ENTRY_SIZE = 12;

    private TiffHeader() {}

    /** @param bytes in the byte order that their first two say */
    static PictureHeader read(ByteSpan bytes) {
        long directory = bytes.u32(4);
        bytes.u8(directory + 1 + (long) bytes.u16(directory) * ENTRY_SIZE); // complains when it is not all there
        OptionalInt xmp = entry(bytes, XMP).stream()
                .mapToObj(at -> bytes.part(bytes.u32(at + 8), bytes.u32(at + 4)))
                .flatMapToInt(packet -> Orientation.ofXmp(packet).stream())
                .findFirst();
        return PictureHeader.of(
                PictureFormat.TIFF,
                number(bytes, WIDTH).orElse(0),
                number(bytes, HEIGHT).orElse(0),
                Orientation.first(orientation(bytes), xmp));
    }

    /** @return EXIF's value, if there is one from 1 to 8 */
    static OptionalInt orientation(ByteSpan bytes) {
        return number(bytes, ORIENTATION).stream()
                .filter(Orientation::known)
                .mapToInt(Math::toIntExact)
                .findFirst();
    }

    private static OptionalLong number(ByteSpan bytes, int tag) {
        OptionalLong entry = entry(bytes, tag);
        if (entry.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = entry.getAsLong() + 8;
        return switch (bytes.u16(entry.getAsLong() + 2)) {
            case BYTE -> OptionalLong.of(bytes.u8(value));
            case SHORT -> OptionalLong.of(bytes.u16(value));
            case LONG -> OptionalLong.of(bytes.u32(value));
            default -> OptionalLong.empty();
        };
    }

    /** Where the tag's entry begins, if there is one that lies inside the bytes. */
    private static OptionalLong entry(ByteSpan bytes, int tag) {
        if (!bytes.has(0, 8)) {
            return OptionalLong.empty();
        }
        long directory = bytes.u32(4);
        int entries = bytes.has(directory, 2) ? bytes.u16(directory) : 0;
        for (int i = 0; i < entries; i++) {
            long at = directory + 2 + (long) i * ENTRY_SIZE;
            if (!bytes.has(at, ENTRY_SIZE)) {
                return OptionalLong.empty();
            }
            if (bytes.u16(at) == tag) {
                return OptionalLong.of(at);
            }
        }
        return OptionalLong.empty();
    }
}
