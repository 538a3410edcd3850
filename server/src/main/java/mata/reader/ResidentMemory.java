package mata.reader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much of this process lies in memory, as Linux tells it. */
final class ResidentMemory {

    private static final Logger LOG = LoggerFactory.getLogger(ResidentMemory.class);
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** @return bytes; 0 where the system does not tell */
    static long ofThisProcess() {
        if (!Files.exists(STATUS)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024) // "VmRSS:    123456 kB"
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            LOG.debug("cannot read {}", STATUS, e);
            return 0;
        }
    }
}
