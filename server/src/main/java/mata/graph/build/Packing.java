package mata.graph.build;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Rows of numbers in few bits, as the runtime's MatMulNBits takes them: blocks of 32 along a row, each with a scale of its own;
 * the middle of the range stands for zero. The number of largest magnitude in a block becomes the lowest value, so that the
 * whole range is used.
 *
 * @param bits 4 or 8
 * @param width numbers a row; the last block is filled up with zeros
 */
public record Packing(int bits, int width) {

    static final List<Integer> WIDTHS = List.of(4, 8);

    static final int BLOCK = 32;

    /** The tensor that stands for a weight: U8 [rows, blocks, bytes]. */
    public static String numbers(String weight, int bits) {
        return weight + ".q" + bits;
    }

    /** Its scales: FLOAT [rows, blocks]. */
    public static String scales(String weight, int bits) {
        return weight + ".q" + bits + ".scales";
    }

    public int blocks() {
        return Math.ceilDiv(width, BLOCK);
    }

    public int blockBytes() {
        return BLOCK * bits / 8;
    }

    private int zero() {
        return 1 << (bits - 1);
    }

    public ByteBuffer scales(float[] weights) {
        int rows = weights.length / width;
        ByteBuffer scales = ByteBuffer.allocate(rows * blocks() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows; row++) {
            for (int block = 0; block < blocks(); block++) {
                scales.putFloat(scale(weights, row, block));
            }
        }
        return scales.flip();
    }

    private float scale(float[] weights, int row, int block) {
        float largest = 0;
        for (int i = block * BLOCK; i < Math.min(width, (block + 1) * BLOCK); i++) {
            float weight = weights[row * width + i];
            largest = Math.abs(weight) > Math.abs(largest) ? weight : largest;
        }
        return -largest / zero();
    }

    public ByteBuffer numbers(float[] weights) {
        int rows = weights.length / width;
        ByteBuffer numbers = ByteBuffer.allocate(rows * blocks() * blockBytes());
        for (int row = 0; row < rows; row++) {
            for (int block = 0; block < blocks(); block++) {
                put(numbers, weights, row, block);
            }
        }
        return numbers.flip();
    }

    /** Two numbers of four bits share a byte, the first in its lower half. */
    private void put(ByteBuffer numbers, float[] weights, int row, int block) {
        float scale = scale(weights, row, block);
        float perScale = scale == 0 ? 0 : 1 / scale;
        int perByte = 8 / bits;
        for (int i = 0; i < BLOCK; i += perByte) {
            int packed = 0;
            for (int j = 0; j < perByte; j++) {
                int column = block * BLOCK + i + j;
                float weight = column < width ? weights[row * width + column] : 0;
                int number = Math.clamp(Math.round(weight * perScale) + zero(), 0, 2 * zero() - 1);
                packed |= number << (j * bits);
            }
            numbers.put((byte) packed);
        }
    }
}
