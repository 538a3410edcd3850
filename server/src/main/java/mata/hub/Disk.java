package mata.hub;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** Words for what disks say. */
final class Disk {

    private Disk() {}

    static String megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1_000_000) + " MB";
    }

    /** Java puts only the path into some of its messages. */
    static String reason(IOException failure) {
        return failure instanceof FileSystemException fault
                ? fault.getFile() + ": "
                        + Optional.ofNullable(fault.getReason())
                                .orElse(fault.getClass().getSimpleName())
                : String.valueOf(failure.getMessage());
    }
}
