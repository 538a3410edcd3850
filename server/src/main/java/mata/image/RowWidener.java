package mata.image;

/** The horizontal pass of a resize, a row at a time. Not for several threads at once. */
final class RowWidener {

    private static final int CHANNELS = 3;

    private final Frame frame;
    private final Taps columns;
    private final int[] at;
    private final byte[] source;
    private final int[] pixels;
    private final int[] next;
    private final PixelSums sums;

    RowWidener(Frame frame, Taps columns) {
        this.frame = frame;
        this.columns = columns;
        at = new int[columns.outputs()];
        for (int i = 0; i < at.length; i++) {
            at[i] = columns.first()[i] * CHANNELS;
        }
        // taps of no weight reach over the end of a row, and the last of an odd number is picked with one more
        source = new byte[(frame.width() + columns.most() + 1) * CHANNELS + PackedRow.OVERREAD];
        pixels = new int[at.length];
        next = new int[at.length];
        sums = new PixelSums(at.length);
    }

    void row(int row, int[] wide) {
        System.arraycopy(frame.rgb(), row * frame.width() * CHANNELS, source, 0, frame.width() * CHANNELS);
        sums.clear();
        int taps = columns.most();
        for (int tap = 0; tap < taps; tap += 2) {
            PackedRow.pick(source, at, tap * CHANNELS, pixels, next);
            sums.add(pixels, columns.weights()[tap]);
            if (tap + 1 < taps) {
                sums.add(next, columns.weights()[tap + 1]);
            }
        }
        sums.round(wide);
    }
}
