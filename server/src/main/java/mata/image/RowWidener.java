package mata.image;

/** The horizontal pass of a resize, a row at a time. Not for several threads at once. */
final class RowWidener {

    private static final int CHANNELS = 3;

    private final Frame frame;
    private final Taps columns;
    private final int[] at;
    private final byte[] source;
    private final int[][] picked;
    private final PixelSums sums;

    RowWidener(Frame frame, Taps columns) {
        this.frame = frame;
        this.columns = columns;
        at = new int[columns.outputs()];
        for (int i = 0; i < at.length; i++) {
            at[i] = columns.first()[i] * CHANNELS;
        }
        int even = columns.most() + columns.most() % 2; // pixels are picked two by two
        source = new byte
                [(frame.width() + even) * CHANNELS + PackedRow.OVERREAD]; // taps of no weight reach over the end
        picked = new int[even][at.length];
        sums = new PixelSums(at.length);
    }

    void row(int row, int[] wide) {
        System.arraycopy(frame.rgb(), row * frame.width() * CHANNELS, source, 0, frame.width() * CHANNELS);
        for (int tap = 0; tap < picked.length; tap += 2) {
            PackedRow.pick(source, at, tap * CHANNELS, picked[tap], picked[tap + 1]);
        }
        sums.mix(picked, columns.weights(), wide);
    }
}
