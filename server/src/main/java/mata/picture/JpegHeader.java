package mata.picture;

import java.util.OptionalInt;

/** Walks the segments of a JPEG up to its first scan (ITU T.81, annex B). */
final class JpegHeader {

    private static final int APP1 = 0xe1;
    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final String EXIF = "Exif\0\0";
    private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

    private JpegHeader() {}

    static PictureHeader read(ByteSpan bytes) {
        OptionalInt exif = OptionalInt.empty();
        OptionalInt xmp = OptionalInt.empty();
        long frame = -1;
        long at = 2;
        // orientation may come after the size; if the bytes end between them, the size is enough
        while (frame < 0 || bytes.has(at, 4)) {
            int marker = bytes.u8(at + 1);
            if (bytes.u8(at) != 0xff || marker == 0xff) {
                at++; // filling, or rubbish that decoders skip
                continue;
            }
            if (marker == START_OF_SCAN || marker == END_OF_IMAGE) {
                break;
            }
            if (standsAlone(marker)) {
                at += 2;
                continue;
            }
            int length = bytes.u16(at + 2);
            ByteSpan segment = bytes.part(at + 4, length - 2L);
            if (isFrame(marker) && frame < 0) {
                frame = at + 4;
            } else if (marker == APP1 && segment.holds(0, EXIF) && exif.isEmpty()) {
                exif = Orientation.ofExif(segment.part(EXIF.length(), segment.length()));
            } else if (marker == APP1 && segment.holds(0, XMP) && xmp.isEmpty()) {
                xmp = Orientation.ofXmp(segment);
            }
            at += 2 + Math.max(2, length);
        }
        return PictureHeader.of(
                PictureFormat.JPEG,
                frame < 0 ? 0 : bytes.u16(frame + 3),
                frame < 0 ? 0 : bytes.u16(frame + 1),
                Orientation.first(exif, xmp));
    }

    /** SOF0 to SOF15; DHT, JPG and DAC share their numbers. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** Markers without a length: TEM, RST0 to RST7, SOI; and 0, which is no marker. */
    private static boolean standsAlone(int marker) {
        return marker <= 1 || (marker >= 0xd0 && marker <= 0xd8);
    }
}
