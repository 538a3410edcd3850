package mata.hub;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Objects;

/** Folders as wholes. */
final class Folders {

    private Folders() {}

    /** Removes a folder with all in it; one that is not there is as good. */
    static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException gone) {
            // As wanted.
        }
    }

    /** Puts a folder into the place of another, which goes only once the new one is at hand on the same disk. */
    static void replace(Path fresh, Path place) throws IOException {
        Path parent = Objects.requireNonNull(place.getParent());
        Files.createDirectories(parent);
        Path old = parent.resolve("." + place.getFileName() + ".old");
        remove(old);
        if (Files.exists(place)) {
            Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        remove(old);
    }

    /** Moves a file, also to another disk; it appears in its place whole. */
    static void moveFile(Path file, Path place) throws IOException {
        try {
            Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException otherDisk) {
            Path copy = place.resolveSibling(place.getFileName() + ".mataserver.incomplete");
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            Files.move(copy, place, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
