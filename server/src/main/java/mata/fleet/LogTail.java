package mata.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last lines that a reader wrote, however much and however fast it writes; no more than some a second are passed on. */
final class LogTail {

    static final int LINES = 20;
    static final int LINE_LENGTH = 500;
    static final int LINES_A_SECOND = 100;

    private static final Logger LOG = LoggerFactory.getLogger(LogTail.class);

    private final LongSupplier nanos;
    private final Deque<String> lines = new ArrayDeque<>();
    private long second = Long.MIN_VALUE; // this and the next: the following thread's alone
    private int inThisSecond;

    /** @param nanos a clock that never jumps */
    LogTail(LongSupplier nanos) {
        this.nanos = nanos;
    }

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
        long now = TimeUnit.NANOSECONDS.toSeconds(nanos.getAsLong());
        if (now != second) {
            if (inThisSecond > LINES_A_SECOND) {
                each.accept((inThisSecond - LINES_A_SECOND) + " lines left out");
            }
            second = now;
            inThisSecond = 0;
        }
        if (inThisSecond++ < LINES_A_SECOND) {
            each.accept(line);
        }
    }

    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }
}
