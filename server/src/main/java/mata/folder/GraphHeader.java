package mata.folder;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * What an .onnx file says of itself: inputs, outputs, metadata, and where its weights lie if not inside. Weights are skipped
 * and no native code is needed, so this takes little time and memory however large the file.
 *
 * @param externalData names of files with weights, relative to the graph's folder, as the graph has them
 */
public record GraphHeader(
        List<Port> inputs, List<Port> outputs, Map<String, String> metadata, Set<String> externalData) {

    private static final String LFS_POINTER = "version https://git-lfs";

    public GraphHeader {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        metadata = Map.copyOf(metadata);
        externalData = Set.copyOf(externalData);
    }

    /**
     * One input or output.
     *
     * @param type as ONNX writes it: {@code float}, {@code float16}, {@code int64} …; {@code other} for what is no tensor
     * @param shape -1 where a dimension is free
     */
    public record Port(String name, String type, List<Long> shape) {
        public Port {
            shape = List.copyOf(shape);
        }

        public int rank() {
            return shape.size();
        }

        /** A dimension, counted from the end where {@code axis} is negative; -1 where it is free or there is none such. */
        public long dimension(int axis) {
            int index = axis < 0 ? rank() + axis : axis;
            return index >= 0 && index < rank() ? shape.get(index) : -1;
        }

        /** For messages: {@code images float[1,3,640,640]}; {@code ?} where a dimension is free. */
        @Override
        public String toString() {
            return name + " " + type
                    + shape.stream()
                            .map(size -> size < 0 ? "?" : String.valueOf(size))
                            .collect(Collectors.joining(",", "[", "]"));
        }
    }

    /** @throws Rejected with {@code BadInput} when there is no such file, or it is no ONNX graph */
    public static GraphHeader read(Path graph) {
        String name = graph.getFileName().toString();
        try (InputStream in = Files.newInputStream(graph)) {
            return read(in, name);
        } catch (NoSuchFileException _) {
            throw unreadable(name, "there is no such file");
        } catch (IOException e) {
            throw new Rejected(new Problem.BadInput(name + " cannot be read: " + e.getMessage()), e);
        }
    }

    /**
     * Reads a graph that need not be a file; weights are skipped by {@link InputStream#skip}.
     *
     * @param name for messages
     * @throws Rejected with {@code BadInput} when it is no ONNX graph
     * @throws IOException where the stream fails
     */
    public static GraphHeader read(InputStream in, String name) throws IOException {
        try {
            InputStream rewindable = new BufferedInputStream(in);
            if (isLfsPointer(rewindable)) {
                throw unreadable(name, "it is a Git LFS pointer, not the graph itself: fetch the file behind it");
            }
            return new GraphWalk()
                    .walk(CodedInputStream.newInstance(rewindable))
                    .orElseThrow(() -> unreadable(name, "it holds no graph"));
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(name, "its fields make no sense (" + e.getMessage() + ")");
        }
    }

    /** The same of a graph in memory. @throws Rejected with {@code BadInput} when it is no ONNX graph */
    public static GraphHeader of(byte[] model) {
        String nowhere = "the graph";
        try {
            return new GraphWalk()
                    .walk(CodedInputStream.newInstance(model))
                    .orElseThrow(() -> unreadable(nowhere, "it holds no graph"));
        } catch (IOException e) {
            throw unreadable(nowhere, "its fields make no sense (" + e.getMessage() + ")");
        }
    }

    private static Rejected unreadable(String graph, String why) {
        return new Rejected(new Problem.BadInput(graph + " is not an ONNX graph: " + why));
    }

    private static boolean isLfsPointer(InputStream in) throws IOException {
        in.mark(LFS_POINTER.length());
        byte[] first = in.readNBytes(LFS_POINTER.length());
        in.reset();
        return new String(first, StandardCharsets.US_ASCII).equals(LFS_POINTER);
    }

    public Optional<Port> input(String name) {
        return inputs.stream().filter(port -> port.name().equals(name)).findFirst();
    }

    public Optional<Port> output(String name) {
        return outputs.stream().filter(port -> port.name().equals(name)).findFirst();
    }

    /** Whether nothing but the first dimension, the batch, is free in any input. */
    public boolean hasFixedSizes() {
        return inputs.stream().allMatch(port -> port.shape().stream().skip(1).allMatch(size -> size >= 0));
    }

    /** For messages. */
    public String ports() {
        return "inputs " + inputs + ", outputs " + outputs;
    }
}
