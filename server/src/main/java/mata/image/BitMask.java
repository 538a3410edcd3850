package mata.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mata.result.Box;
import mata.result.Mask;

/**
 * Which pixels of a picture are on.
 *
 * @param bits row by row, 1 where on, 0 elsewhere. The array is not copied: do not change it
 */
@SuppressWarnings("ArrayRecordComponent") // a byte a pixel, never compared
public record BitMask(int width, int height, byte[] bits) {

    public BitMask {
        if (bits.length != Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(bits.length + " bits for " + width + "x" + height);
        }
    }

    /** What an answer's mask stands for; holes that polygons cannot tell are filled. */
    static BitMask of(Mask mask, int width, int height) {
        return switch (mask) {
            case Mask.Png(byte[] bytes) -> ofPng(Decoder.decode(bytes, (long) width * height));
            case Mask.Rle rle -> ofRuns(rle);
            case Mask.Polygons(List<float[]> rings) -> Contours.filled(rings, width, height);
        };
    }

    private static BitMask ofPng(Frame grey) {
        var bits = new byte[grey.width() * grey.height()];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (grey.rgb()[3 * i] & 1);
        }
        return new BitMask(grey.width(), grey.height(), bits);
    }

    private static BitMask ofRuns(Mask.Rle rle) {
        var bits = new byte[rle.width() * rle.height()];
        int at = 0;
        for (int i = 0; i < rle.counts().length; i++) {
            for (int end = at + rle.counts()[i]; at < end; at++) {
                bits[at % rle.height() * rle.width() + at / rle.height()] = (byte) (i % 2);
            }
        }
        return new BitMask(rle.width(), rle.height(), bits);
    }

    /** Each pixel {@code factor} times as wide and high. */
    BitMask enlarged(int factor) {
        if (factor == 1) {
            return this;
        }
        var larger = new byte[bits.length * factor * factor];
        for (int i = 0; i < larger.length; i++) {
            int row = i / (width * factor) / factor;
            int column = i % (width * factor) / factor;
            larger[i] = bits[row * width + column];
        }
        return new BitMask(width * factor, height * factor, larger);
    }

    public int area() {
        int area = 0;
        for (byte bit : bits) {
            area += bit;
        }
        return area;
    }

    /** From the first pixel that is on to one behind the last (spec 4); without area, at the origin, when none is. */
    public Box box() {
        int left = width;
        int right = 0;
        int top = height;
        int bottom = 0;
        for (int row = 0; row < height; row++) {
            int first = firstOn(row);
            if (first < width) {
                left = Math.min(left, first);
                right = Math.max(right, lastOn(row) + 1);
                top = Math.min(top, row);
                bottom = row + 1;
            }
        }
        return bottom == 0 ? new Box(0, 0, 0, 0) : new Box(left, top, right, bottom);
    }

    private int firstOn(int row) {
        int column = 0;
        while (column < width && bits[row * width + column] == 0) {
            column++;
        }
        return column;
    }

    private int lastOn(int row) {
        int column = width - 1;
        while (bits[row * width + column] == 0) {
            column--;
        }
        return column;
    }

    /** @param format {@code png}, {@code rle} or {@code polygon}: values of the parameter {@code mask_format} */
    public Mask encode(String format) {
        return switch (format) {
            case "png" -> new Mask.Png(png());
            case "rle" -> rle();
            case "polygon" -> new Mask.Polygons(polygons());
            default -> throw new IllegalArgumentException("no mask format: " + format);
        };
    }

    /** 8-bit grey, 0 or 255. */
    public byte[] png() {
        var levels = new byte[bits.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) -bits[i];
        }
        return Png.grey(levels, width, height);
    }

    /** As COCO counts: down the columns, zeros first (a count of 0 when the first pixel is on). */
    public Mask.Rle rle() {
        var counts = new int[64];
        int used = 0;
        int run = 0;
        int current = 0;
        for (int column = 0; column < width; column++) {
            for (int at = column; at < bits.length; at += width) {
                if (bits[at] != current) {
                    if (used + 1 == counts.length) {
                        counts = Arrays.copyOf(counts, 2 * counts.length);
                    }
                    counts[used++] = run;
                    run = 0;
                    current = bits[at];
                }
                run++;
            }
        }
        counts[used++] = run;
        return new Mask.Rle(height, width, Arrays.copyOf(counts, used));
    }

    /**
     * Outer outlines through the pixels' centres, straight stretches by their ends. Holes are not told, nor are parts of
     * fewer than three corners.
     */
    public List<float[]> polygons() {
        List<float[]> rings = new ArrayList<>(Contours.outer(this));
        rings.removeIf(ring -> ring.length < 6);
        return rings;
    }
}
