package mata.result;

import java.util.List;

/** Which pixels of the picture belong to a segment, in the form that was asked for. Arrays are not copied: do not change them. */
@SuppressWarnings("ArrayRecordComponent") // carried once from reader to answer, never compared
public sealed interface Mask {

    /** 8-bit grey PNG of the whole picture: 0 or 255. */
    record Png(byte[] bytes) implements Mask {}

    /** Runs of 0 and 1 in turn, beginning with 0, down the columns (COCO's order). */
    record Rle(int height, int width, int[] counts) implements Mask {}

    /** Outlines, each {@code x0, y0, x1, y1, …}. */
    record Polygons(List<float[]> rings) implements Mask {
        public Polygons {
            rings = List.copyOf(rings);
        }
    }
}
