package mata.engine.ort;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import mata.engine.ElementType;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Our tensors to the runtime's and back. */
final class Conversion {

    private Conversion() {}

    /** A direct buffer that needs no conversion is lent to the runtime, anything else is copied. The caller closes. */
    static OnnxTensor toNative(OrtEnvironment environment, Port port, Tensor tensor) throws OrtException {
        return switch (tensor) {
            case Tensor.Floats(var data, var shape)
            when port.type() == ElementType.FLOAT -> OnnxTensor.createTensor(environment, data, shape);
            case Tensor.Floats(var data, var shape)
            when port.type() == ElementType.FLOAT16 ->
                OnnxTensor.createTensor(
                        environment,
                        Fp16Conversions.convertFloatBufferToFp16Buffer(data.duplicate()),
                        shape,
                        OnnxJavaType.FLOAT16);
            case Tensor.Longs(var data, var shape)
            when port.type() == ElementType.INT64 -> OnnxTensor.createTensor(environment, data, shape);
            case Tensor.Longs(var data, var shape)
            when port.type() == ElementType.INT32 -> OnnxTensor.createTensor(environment, narrow(port, data), shape);
            case Tensor.Bytes(var data, var shape)
            when port.type() == ElementType.BOOL ->
                OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.BOOL);
            case Tensor.Bytes(var data, var shape)
            when port.type() == ElementType.UINT8 ->
                OnnxTensor.createTensor(environment, data, shape, OnnxJavaType.UINT8);
            default ->
                throw new Rejected(new Problem.Broken("input " + port.name() + " takes " + port.type() + ", not "
                        + tensor.getClass().getSimpleName()));
        };
    }

    private static IntBuffer narrow(Port port, LongBuffer longs) {
        var ints = new int[longs.remaining()];
        for (int i = 0; i < ints.length; i++) {
            long value = longs.get(longs.position() + i);
            if (value != (int) value) {
                throw new Rejected(new Problem.Broken("input " + port.name() + " takes INT32, but holds " + value));
            }
            ints[i] = (int) value;
        }
        return IntBuffer.wrap(ints);
    }

    /** A copy that outlives the runtime's. */
    static Tensor toHeap(OnnxTensor tensor) {
        long[] shape = tensor.getInfo().getShape();
        return switch (tensor.getInfo().type) {
            case FLOAT, FLOAT16 -> new Tensor.Floats(tensor.getFloatBuffer(), shape);
            case INT64 -> new Tensor.Longs(tensor.getLongBuffer(), shape);
            case INT32 -> new Tensor.Longs(widen(tensor.getIntBuffer()), shape);
            case BOOL, UINT8 -> new Tensor.Bytes(heap(tensor.getByteBuffer()), shape);
            // Refused at opening, where it was declared.
            case DOUBLE, INT8, INT16, STRING, BFLOAT16, UNKNOWN ->
                throw new IllegalStateException("an output of " + tensor.getInfo().type);
        };
    }

    private static LongBuffer widen(IntBuffer ints) {
        var longs = new long[ints.remaining()];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = ints.get(ints.position() + i);
        }
        return LongBuffer.wrap(longs);
    }

    private static ByteBuffer heap(ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }
}
