package mata.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** {@code model_registry.json} on disk: read whole, replaced whole. */
record RegistryFile(Path path) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** There is a file, but it is not a map from id to model. */
    static final class Damaged extends Exception {
        Damaged(String why) {
            super(why);
        }
    }

    /** Tells two states of the file apart, since every change is another file under the same name; empty = no file. */
    String stamp() throws IOException {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + " "
                    + attributes.size();
        } catch (NoSuchFileException none) {
            return "";
        }
    }

    /** The entries; none where there is no file. */
    ObjectNode read() throws IOException, Damaged {
        try {
            if (JSON.readTree(Files.readAllBytes(path)) instanceof ObjectNode entries) {
                return entries;
            }
            throw new Damaged("not a map from id to model");
        } catch (NoSuchFileException none) {
            return JsonNodeFactory.instance.objectNode();
        } catch (JacksonException malformed) {
            throw new Damaged(malformed.getOriginalMessage());
        }
    }

    /** On disk when it returns. Whoever reads meanwhile, or after a crash, meets the old file or the new one. */
    void replace(ObjectNode entries) throws IOException {
        removeLeftovers();
        Path whole = Files.createTempFile(path.getParent(), path.getFileName() + ".", ".tmp");
        try (FileChannel channel = FileChannel.open(whole, StandardOpenOption.WRITE)) {
            ByteBuffer bytes =
                    ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(entries));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true); // the rename itself
        }
    }

    /** @return where it is now */
    Path setAside() throws IOException {
        long modified = Files.getLastModifiedTime(path).toMillis();
        return Files.move(
                path,
                path.resolveSibling(path.getFileName() + ".damaged-" + modified),
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Of writers that were killed: the caller holds the lock, so nobody is writing one now. */
    private void removeLeftovers() throws IOException {
        try (DirectoryStream<Path> leftovers =
                Files.newDirectoryStream(path.getParent(), path.getFileName() + ".*.tmp")) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }
}
