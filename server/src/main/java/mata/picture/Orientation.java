package mata.picture;

import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * EXIF's orientation, from EXIF itself or else from XMP, as the image library looks for it. Metadata that cannot be read
 * says nothing; it never spoils the picture.
 */
final class Orientation {

    static final int UPRIGHT = 1;

    private static final Pattern IN_XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");
    private static final String PREFIX = "Exif\0\0"; // which some writers put before EXIF outside JPEG, too

    private Orientation() {}

    static OptionalInt ofExif(ByteSpan bytes) {
        ByteSpan tiff = bytes.holds(0, PREFIX) ? bytes.part(PREFIX.length(), bytes.length()) : bytes;
        if (tiff.startsWith('I', 'I', 42, 0)) {
            return TiffHeader.orientation(tiff.in(ByteOrder.LITTLE_ENDIAN));
        }
        if (tiff.startsWith('M', 'M', 0, 42)) {
            return TiffHeader.orientation(tiff.in(ByteOrder.BIG_ENDIAN));
        }
        return OptionalInt.empty();
    }

    static OptionalInt ofXmp(ByteSpan bytes) {
        Matcher found = IN_XMP.matcher(bytes.ascii());
        if (found.find() && known(found.group(1).charAt(0) - '0')) {
            return OptionalInt.of(found.group(1).charAt(0) - '0');
        }
        return OptionalInt.empty();
    }

    static boolean known(long value) {
        return value >= 1 && value <= 8;
    }

    static int first(OptionalInt exif, OptionalInt xmp) {
        return exif.orElse(xmp.orElse(UPRIGHT));
    }
}
