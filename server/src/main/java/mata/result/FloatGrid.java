package mata.result;

/** Numbers over the picture, row by row. The array is not copied: do not change it. */
@SuppressWarnings("ArrayRecordComponent") // megabytes that travel once, never compared
public record FloatGrid(int height, int width, float[] values) {

    public FloatGrid {
        if (values.length != Math.multiplyExact(height, width)) {
            throw new IllegalArgumentException(values.length + " values for " + height + "x" + width);
        }
    }

    public float at(int row, int column) {
        return values[row * width + column];
    }
}
