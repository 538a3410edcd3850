package mata.image;

/**
 * Decoded pixels: 8-bit RGB, interleaved, row by row, upright (EXIF orientation applied). The array is not copied: do not
 * change it.
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes on the hot path, never compared
public record Frame(int width, int height, byte[] rgb) {

    public Frame {
        if (rgb.length != 3 * Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(rgb.length + " bytes for " + width + "x" + height + " RGB");
        }
    }
}
