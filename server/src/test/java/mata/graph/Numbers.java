package mata.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/** An input of a graph: floats, or whole numbers where {@code whole} says so. */
@SuppressWarnings("ArrayRecordComponent")
record Numbers(double[] values, boolean whole, long... shape) {

    static Numbers of(long[] values, long... shape) {
        return new Numbers(Arrays.stream(values).asDoubleStream().toArray(), true, shape);
    }

    static Numbers of(double[] values, long... shape) {
        return new Numbers(values, false, shape);
    }

    static Numbers ones(long... shape) {
        double[] values = new double[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        Arrays.fill(values, 1);
        return new Numbers(values, true, shape);
    }

    /** BOOL of shape [1]. */
    static OnnxTensor flag(boolean value) throws OrtException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(1).put(0, (byte) (value ? 1 : 0));
        return OnnxTensor.createTensor(
                OrtEnvironment.getEnvironment(), bytes, new long[] {1}, ai.onnxruntime.OnnxJavaType.BOOL);
    }

    long[] longs() {
        return Arrays.stream(values).mapToLong(x -> (long) x).toArray();
    }

    OnnxTensor tensor() throws OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        if (whole) {
            return OnnxTensor.createTensor(environment, LongBuffer.wrap(longs()), shape);
        }
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), shape);
    }
}
