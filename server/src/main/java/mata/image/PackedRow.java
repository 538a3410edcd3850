package mata.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Pixels one to an int, {@code 0x00BBGGRR}. The compiler vectorises loops over ints, but none that widens bytes, so the
 * arithmetic of a resize happens in this form.
 */
final class PackedRow {

    /** How many bytes behind its last pixel a row must own for {@link #pick} to read there. */
    static final int OVERREAD = 2;

    private static final int CHANNELS = 3;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private PackedRow() {}

    /**
     * Two neighbouring pixels for each place in {@code at}: the one {@code offset} bytes behind it, and the next. The
     * highest byte of what is picked holds rubbish.
     */
    static void pick(byte[] rgb, int[] at, int offset, int[] pixels, int[] next) {
        for (int i = 0; i < at.length; i++) {
            long both = (long) LONG.get(rgb, at[i] + offset);
            pixels[i] = (int) both;
            next[i] = (int) (both >>> (Byte.SIZE * CHANNELS));
        }
    }

    /** Back to three bytes a pixel; each int's highest byte is overwritten by the pixel that follows. */
    static void write(int[] pixels, byte[] rgb, int to) {
        int last = pixels.length - 1;
        for (int i = 0; i < last; i++) {
            INT.set(rgb, to + i * CHANNELS, pixels[i]);
        }
        int end = to + last * CHANNELS;
        rgb[end] = (byte) pixels[last];
        rgb[end + 1] = (byte) (pixels[last] >> 8);
        rgb[end + 2] = (byte) (pixels[last] >> 16);
    }
}
