package mata.engine;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/**
 * Numbers in row-major order with their shape. The data is not copied: who hands a tensor over must not write to it until
 * the run has ended.
 */
@SuppressWarnings("ArrayRecordComponent") // shapes are compared with Arrays.equals where it matters
public sealed interface Tensor {

    long[] shape();

    /** FLOAT, and FLOAT16 as seen from outside the engine. For inputs a direct buffer in native order avoids a copy. */
    record Floats(FloatBuffer data, long... shape) implements Tensor {
        public Floats {
            check(data.remaining(), shape);
        }

        public float get(int index) {
            return data.get(data.position() + index);
        }

        /** All values; the backing array itself where the buffer has one that fits exactly. */
        public float[] array() {
            if (data.hasArray() && data.arrayOffset() == 0 && data.array().length == data.remaining()) {
                return data.array();
            }
            var copy = new float[data.remaining()];
            data.duplicate().get(copy);
            return copy;
        }
    }

    /** INT64; INT32 inputs are converted by the engine. */
    record Longs(LongBuffer data, long... shape) implements Tensor {
        public Longs {
            check(data.remaining(), shape);
        }
    }

    /** BOOL or UINT8, one byte each. */
    record Bytes(ByteBuffer data, long... shape) implements Tensor {
        public Bytes {
            check(data.remaining(), shape);
        }
    }

    default int dimension(int axis) {
        return Math.toIntExact(shape()[axis < 0 ? shape().length + axis : axis]);
    }

    default int rank() {
        return shape().length;
    }

    private static void check(int values, long[] shape) {
        long wanted = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (values != wanted) {
            throw new IllegalArgumentException(values + " values for shape " + Arrays.toString(shape));
        }
    }
}
