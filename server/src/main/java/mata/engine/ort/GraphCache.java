package mata.engine.ort;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Optimised graphs, each in a file named after the original's content and whatever else the result depends on. Processes may
 * share a folder: a file appears whole or not at all.
 */
record GraphCache(Path folder) {

    /** Writes the optimised graph to a file that does not exist yet. */
    interface Maker {
        void make(Path target) throws OrtException;
    }

    static GraphCache in(Path folder) throws IOException {
        return new GraphCache(Files.createDirectories(folder));
    }

    /** @param variant what the result depends on beside the graph: runtime version, device */
    Path get(Path graph, String variant, Maker maker) throws IOException, OrtException {
        Path kept = folder.resolve(hash(graph) + "-" + variant + ".onnx");
        if (!Files.exists(kept)) {
            Path part = Files.createTempDirectory(folder, "part-");
            try {
                Path made = part.resolve("model.onnx");
                maker.make(made);
                Files.move(made, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part.resolve("model.onnx"));
                Files.delete(part);
            }
        }
        return kept;
    }

    private static String hash(Path graph) throws IOException {
        try (InputStream in = Files.newInputStream(graph);
                var digesting = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digesting.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
