package mata.graph;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import mata.graph.build.Packing;
import mata.safetensors.MappedTensors;
import mata.safetensors.SafeTensors;
import mata.safetensors.SafeTensorsWriter;
import mata.safetensors.StoredTensor;
import mata.safetensors.StoredType;

/**
 * A checkpoint whose linear weights are packed into few bits, in a file of its own: made when it is first asked for, found again
 * later. Processes may share a folder: a file appears whole or not at all.
 */
record PackedWeights(SafeTensors weights, Set<String> linear, int bits) {

    /** Changes with the way of packing, so that what an earlier version kept is not taken for ours. */
    private static final String LAYOUT = "blocks of 32, 1\n";

    SafeTensors in(Path folder) throws IOException {
        Path kept = Files.createDirectories(folder).resolve(key() + "-q" + bits + ".safetensors");
        if (!Files.exists(kept)) {
            Path part = Files.createTempDirectory(folder, "part-");
            try {
                Path made = part.resolve(kept.getFileName());
                write(made);
                Files.move(made, kept, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException _) {
                Files.deleteIfExists(part.resolve(kept.getFileName()));
            } finally {
                Files.deleteIfExists(part);
            }
        }
        return SafeTensors.file(kept);
    }

    /** Which files the weights came from, how long they are and when they were last changed. */
    private String key() throws IOException {
        var files = new TreeSet<Path>();
        weights.all().forEach(tensor -> files.add(tensor.file()));
        var facts = new StringBuilder(LAYOUT);
        for (Path file : files) {
            facts.append(file).append(' ').append(Files.size(file)).append(' ').append(Files.getLastModifiedTime(file));
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(facts.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void write(Path file) throws IOException {
        try (MappedTensors mapped = MappedTensors.of(weights.all())) {
            var entries = new ArrayList<SafeTensorsWriter.Entry>();
            for (StoredTensor tensor : weights.all()) {
                if (linear.contains(tensor.name())) {
                    entries.addAll(packed(tensor, mapped));
                } else {
                    entries.add(new SafeTensorsWriter.Entry(
                            tensor.name(),
                            tensor.type(),
                            tensor.shape(),
                            () -> mapped.bytes(tensor).asByteBuffer()));
                }
            }
            SafeTensorsWriter.write(file, entries);
        }
    }

    private List<SafeTensorsWriter.Entry> packed(StoredTensor tensor, MappedTensors mapped) {
        int rows = Math.toIntExact(tensor.shape().get(0));
        int width = Math.toIntExact(tensor.shape().get(1));
        var packing = new Packing(bits, width);
        return List.of(
                new SafeTensorsWriter.Entry(
                        Packing.numbers(tensor.name(), bits),
                        StoredType.U8,
                        List.of((long) rows, (long) packing.blocks(), (long) packing.blockBytes()),
                        () -> packing.numbers(floats(tensor, mapped))),
                new SafeTensorsWriter.Entry(
                        Packing.scales(tensor.name(), bits),
                        StoredType.F32,
                        List.of((long) rows, (long) packing.blocks()),
                        () -> packing.scales(floats(tensor, mapped))));
    }

    private static float[] floats(StoredTensor tensor, MappedTensors mapped) {
        MemorySegment bytes = mapped.bytes(tensor);
        ByteBuffer data = bytes.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        return switch (tensor.type()) {
            case F32 -> bytes.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
            case F16 -> {
                float[] floats = new float[data.remaining() / 2];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = Float.float16ToFloat(data.getShort(2 * i));
                }
                yield floats;
            }
            case BF16 -> {
                float[] floats = new float[data.remaining() / 2];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = Float.intBitsToFloat(data.getShort(2 * i) << 16);
                }
                yield floats;
            }
            default -> throw new IllegalArgumentException(tensor.name() + " holds " + tensor.type());
        };
    }
}
