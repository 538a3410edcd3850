package mata.picture;

import java.util.OptionalInt;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Walks the chunks of a WebP (RFC 9649). */
final class WebpHeader {

    private static final int FIRST_CHUNK = 12;

    private WebpHeader() {}

    static PictureHeader read(ByteSpan bytes) {
        OptionalInt exif = OptionalInt.empty();
        OptionalInt xmp = OptionalInt.empty();
        for (long at = FIRST_CHUNK; bytes.has(at, 8); at += 8 + even(bytes.u32(at + 4))) {
            ByteSpan data = bytes.part(at + 8, bytes.u32(at + 4));
            if (bytes.holds(at, "EXIF")) {
                exif = Orientation.ofExif(data);
            } else if (bytes.holds(at, "XMP ")) {
                xmp = Orientation.ofXmp(data);
            }
        }
        return sized(bytes, Orientation.first(exif, xmp));
    }

    private static PictureHeader sized(ByteSpan bytes, int orientation) {
        int data = FIRST_CHUNK + 8;
        if (bytes.holds(FIRST_CHUNK, "VP8X")) {
            return PictureHeader.of(
                    PictureFormat.WEBP, u24(bytes, data + 4) + 1, u24(bytes, data + 7) + 1, orientation);
        }
        if (bytes.holds(FIRST_CHUNK, "VP8L")) {
            long sizes = bytes.u32(data + 1);
            return PictureHeader.of(
                    PictureFormat.WEBP, (sizes & 0x3fff) + 1, ((sizes >> 14) & 0x3fff) + 1, orientation);
        }
        if (bytes.holds(FIRST_CHUNK, "VP8 ")) {
            return PictureHeader.of(
                    PictureFormat.WEBP, bytes.u16(data + 6) & 0x3fff, bytes.u16(data + 8) & 0x3fff, orientation);
        }
        bytes.u8(data); // complains when there is no whole chunk
        throw new Rejected(new Problem.BadInput("broken WEBP: it does not begin with VP8, VP8L or VP8X"));
    }

    private static long u24(ByteSpan bytes, long at) {
        return bytes.u16(at) | bytes.u8(at + 2) << 16;
    }

    private static long even(long length) {
        return length + (length & 1);
    }
}
