package mata.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last lines that a reader wrote, however much and however fast it writes. */
final class LogTail {

    static final int LINES = 20;
    static final int LINE_LENGTH = 500;

    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

    private final Deque<String> lines = new ArrayDeque<>();

    /** Reads to the end, keeps the tail, and passes each line on. */
    void follow(BufferedReader in, Consumer<String> each) {
        try {
            var line = new StringBuilder();
            for (int c = in.read(); c >= 0; c = in.read()) {
                if (c == '\n') {
                    keep(line.toString(), each);
                    line.setLength(0);
                } else if (c != '\r' && line.length() < LINE_LENGTH) {
                    line.append((char) c);
                }
            }
            if (!line.isEmpty()) {
                keep(line.toString(), each);
            }
        } catch (IOException e) {
            LOG.debug("the end of a log", e);
        }
    }

    private void keep(String line, Consumer<String> each) {
        synchronized (lines) {
            lines.add(line);
            if (lines.size() > LINES) {
                lines.remove();
            }
        }
        each.accept(line);
    }

    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
