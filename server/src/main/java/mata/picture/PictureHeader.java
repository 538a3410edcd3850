package mata.picture;

import java.nio.ByteOrder;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * What the first bytes of an encoded picture tell. That they can be read does not mean that the rest can be decoded.
 *
 * @param width as stored, in pixels, at least 1
 * @param height as stored, in pixels, at least 1
 * @param orientation how to turn the stored pixels for showing: EXIF's values 1 (as they are) to 8
 */
public record PictureHeader(PictureFormat format, int width, int height, int orientation) {

    /**
     * Of any byte string; {@code encoded} may stop short of the pixels.
     *
     * @throws Rejected with {@code BadInput} when this is no picture the server reads, naming what it seems to be
     *     instead, or when it is cut off before its size
     */
    public static PictureHeader read(byte[] encoded) {
        var bytes = new ByteSpan(encoded, ByteOrder.BIG_ENDIAN);
        if (bytes.startsWith(0xff, 0xd8, 0xff)) {
            return JpegHeader.read(bytes);
        }
        if (bytes.startsWith(0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
            return PngHeader.read(bytes);
        }
        if (bytes.startsWith('R', 'I', 'F', 'F') && bytes.holds(8, "WEBP")) {
            return WebpHeader.read(bytes.in(ByteOrder.LITTLE_ENDIAN));
        }
        if (bytes.startsWith('G', 'I', 'F', '8') && (bytes.holds(4, "7a") || bytes.holds(4, "9a"))) {
            return gif(bytes.in(ByteOrder.LITTLE_ENDIAN));
        }
        if (bytes.startsWith('I', 'I', 42, 0)) {
            return TiffHeader.read(bytes.in(ByteOrder.LITTLE_ENDIAN));
        }
        if (bytes.startsWith('M', 'M', 0, 42)) {
            return TiffHeader.read(bytes);
        }
        if (bytes.startsWith('B', 'M')) {
            return bmp(bytes.in(ByteOrder.LITTLE_ENDIAN));
        }
        throw new Rejected(new Problem.BadInput(Stranger.describe(bytes)));
    }

    /** In pixels, after turning. */
    public int shownWidth() {
        return swapsSides() ? height : width;
    }

    /** In pixels, after turning. */
    public int shownHeight() {
        return swapsSides() ? width : height;
    }

    public long pixels() {
        return (long) width * height;
    }

    private boolean swapsSides() {
        return orientation >= 5;
    }

    /** The logical screen, on which the first frame lies. */
    private static PictureHeader gif(ByteSpan bytes) {
        return of(PictureFormat.GIF, bytes.u16(6), bytes.u16(8), Orientation.UPRIGHT);
    }

    private static PictureHeader bmp(ByteSpan bytes) {
        long headerSize = bytes.u32(14);
        if (headerSize == 12) {
            return of(PictureFormat.BMP, bytes.u16(18), bytes.u16(20), Orientation.UPRIGHT);
        }
        if (headerSize < 40 || headerSize > 256) {
            throw new Rejected(new Problem.BadInput(
                    "not a picture: begins like a BMP, but its header has a size of " + headerSize));
        }
        int height = (int) bytes.u32(22); // negative: rows from the top
        return of(PictureFormat.BMP, bytes.u32(18), Math.abs((long) height), Orientation.UPRIGHT);
    }

    static PictureHeader of(PictureFormat format, long width, long height, int orientation) {
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new Rejected(
                    new Problem.BadInput("broken %s: its header says %d x %d pixels".formatted(format, width, height)));
        }
        return new PictureHeader(format, (int) width, (int) height, orientation);
    }
}
