package mata.picture;

import java.util.OptionalInt;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Walks the chunks of a PNG. */
final class PngHeader {

    private static final int SIGNATURE = 8;
    private static final String XMP = "XML:com.adobe.xmp\0\0\0"; // keyword, not compressed

    private PngHeader() {}

    static PictureHeader read(ByteSpan bytes) {
        OptionalInt exif = OptionalInt.empty();
        OptionalInt xmp = OptionalInt.empty();
        for (long at = SIGNATURE; bytes.has(at, 8); at += 12 + bytes.u32(at)) {
            ByteSpan data = bytes.part(at + 8, bytes.u32(at));
            if (bytes.holds(at + 4, "eXIf")) {
                exif = Orientation.ofExif(data);
            } else if (bytes.holds(at + 4, "iTXt") && data.holds(0, XMP)) {
                xmp = Orientation.ofXmp(data);
            }
        }
        if (bytes.has(0, SIGNATURE + 8) && !bytes.holds(SIGNATURE + 4, "IHDR")) {
            throw new Rejected(new Problem.BadInput("broken PNG: it does not begin with IHDR"));
        }
        return PictureHeader.of(
                PictureFormat.PNG, bytes.u32(SIGNATURE + 8), bytes.u32(SIGNATURE + 12), Orientation.first(exif, xmp));
    }
}
