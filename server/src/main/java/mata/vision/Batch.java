package mata.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Several frames' tensors as one, and back. All of a frame's tensors begin with a dimension of one. */
final class Batch {

    private Batch() {}

    /** Equal for tensors that can be joined. */
    static List<List<Long>> shapes(Tensors tensors) {
        return tensors.asMap().values().stream()
                .map(tensor -> Arrays.stream(tensor.shape()).boxed().toList())
                .toList();
    }

    /** @param parts tensors of the same names and shapes */
    static Tensors join(List<Tensors> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        Map<String, Tensor> joined = new LinkedHashMap<>();
        for (String name : parts.getFirst().names()) {
            joined.put(
                    name, joinTensors(parts.stream().map(part -> part.get(name)).toList()));
        }
        return new Tensors(joined);
    }

    private static Tensor joinTensors(List<Tensor> parts) {
        long[] shape = parts.getFirst().shape().clone();
        shape[0] *= parts.size();
        int length = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        return switch (parts.getFirst()) {
            case Tensor.Floats _ -> {
                FloatBuffer all =
                        direct(Math.multiplyExact(Float.BYTES, length)).asFloatBuffer();
                parts.forEach(part -> all.put(((Tensor.Floats) part).data().duplicate()));
                yield new Tensor.Floats(all.flip(), shape);
            }
            case Tensor.Longs _ -> {
                LongBuffer all = direct(Math.multiplyExact(Long.BYTES, length)).asLongBuffer();
                parts.forEach(part -> all.put(((Tensor.Longs) part).data().duplicate()));
                yield new Tensor.Longs(all.flip(), shape);
            }
            case Tensor.Bytes _ -> {
                ByteBuffer all = direct(length);
                parts.forEach(part -> all.put(((Tensor.Bytes) part).data().duplicate()));
                yield new Tensor.Bytes(all.flip(), shape);
            }
        };
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** @throws Rejected with {@code Broken} when an output is not of that many frames */
    static List<Tensors> split(Tensors outputs, int frames) {
        if (frames == 1) {
            return List.of(outputs);
        }
        List<Tensors> parts = new ArrayList<>();
        for (int frame = 0; frame < frames; frame++) {
            Map<String, Tensor> part = new LinkedHashMap<>();
            for (Map.Entry<String, Tensor> output : outputs.asMap().entrySet()) {
                part.put(output.getKey(), slice(output.getKey(), output.getValue(), frame, frames));
            }
            parts.add(new Tensors(part));
        }
        return parts;
    }

    private static Tensor slice(String name, Tensor tensor, int frame, int frames) {
        long[] shape = tensor.shape().clone();
        if (shape.length == 0 || shape[0] != frames) {
            throw new Rejected(new Problem.Broken("output " + name + " is " + Arrays.toString(tensor.shape())
                    + " where the first dimension should be " + frames + ", one for each frame"));
        }
        shape[0] = 1;
        int length = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        return switch (tensor) {
            case Tensor.Floats(var data, var _) ->
                new Tensor.Floats(data.slice(data.position() + frame * length, length), shape);
            case Tensor.Longs(var data, var _) ->
                new Tensor.Longs(data.slice(data.position() + frame * length, length), shape);
            case Tensor.Bytes(var data, var _) ->
                new Tensor.Bytes(data.slice(data.position() + frame * length, length), shape);
        };
    }
}
