package mata.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;

/**
 * The key that a server without any makes for itself: {@code <data dir>/api_key}, readable by its owner only, so that the
 * command line on the same machine finds it.
 */
public record ApiKeyFile(Path path) {

    private static final int RANDOM_BYTES = 24;

    public static ApiKeyFile in(Path dataDir) {
        return new ApiKeyFile(dataDir.resolve("api_key"));
    }

    public Optional<String> read() {
        try {
            return Optional.of(Files.readString(path).strip()).filter(key -> !key.isEmpty());
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + path, unreadable);
        }
    }

    /** The key in the file; one is made if there is none. Two servers that start at once agree on one. */
    public String readOrMake() {
        return read().orElseGet(this::make);
    }

    private String make() {
        byte[] random = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(random);
        String key = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        var ownerOnly = PosixFilePermissions.asFileAttribute(
                EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        Path folder = path.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(folder, "api_key", ".tmp", ownerOnly);
            try {
                Files.writeString(whole, key + "\n");
                Files.createLink(path, whole); // unlike a rename, this fails where another server was first
                return key;
            } catch (FileAlreadyExistsException anotherServersKey) {
                return read().orElseThrow(() -> new IOException("the file is there, but empty"));
            } finally {
                Files.delete(whole);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException("cannot make an API key in " + path, impossible);
        }
    }
}
