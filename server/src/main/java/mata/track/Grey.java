package mata.track;

/** Brightness of a frame: 8-bit, row by row, upright. The array is not copied: do not change it. */
@SuppressWarnings("ArrayRecordComponent") // megabytes a frame, never compared
public record Grey(int width, int height, byte[] pixels) {

    public Grey {
        if (pixels.length != Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(pixels.length + " bytes for " + width + "x" + height);
        }
    }
}
