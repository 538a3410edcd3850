package mata.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * Reads request bodies into memory. One body, all bodies together and the time that one may take are limited, so that no
 * sender, large, slow or many, can take the server's memory.
 */
final class Bodies {

    private static final int KIB = 1024;
    private static final int FIRST_BYTES = 64 * KIB;

    private final long most;
    private final Duration patience;
    private final Semaphore kibs;

    Bodies(ListenerOptions.Limits limits, Duration patience) {
        this.most = limits.bodyBytes();
        this.patience = patience;
        this.kibs = new Semaphore(kibs(Math.max(limits.bodyBytes(), limits.bodiesBytes())));
    }

    /** A body that is being read, or held; closing gives its room to others. */
    final class Body implements AutoCloseable {

        private final InputStream in;
        private final long declared;
        private int heldKibs;
        private boolean complete;
        private byte[] bytes = new byte[0];

        /** @param declared the content length that the request announces, or -1 */
        Body(InputStream in, long declared) {
            this.in = in;
            this.declared = declared;
        }

        /**
         * The whole body; read at the first call.
         *
         * @throws Rejected TooLarge, SlowSender, or Busy when other bodies hold all the room there is
         */
        byte[] bytes() throws IOException {
            if (!complete) {
                bytes = read();
                complete = true;
            }
            return bytes;
        }

        private byte[] read() throws IOException {
            if (declared > most) {
                throw tooLarge();
            }
            long deadline = System.nanoTime() + patience.toNanos();
            byte[] buffer = room(new byte[0], (int) (declared < 0 ? FIRST_BYTES : Math.min(declared, FIRST_BYTES)));
            int size = 0;
            while (true) {
                if (size == buffer.length) {
                    int next = inTime(in::read, deadline);
                    if (next < 0) {
                        return buffer;
                    }
                    if (size >= most) {
                        throw tooLarge();
                    }
                    buffer =
                            room(buffer, (int) Math.min(most, declared > size ? grown(size, declared) : 2L * size + 1));
                    buffer[size++] = (byte) next;
                } else {
                    byte[] into = buffer;
                    int at = size;
                    int count = inTime(() -> in.read(into, at, into.length - at), deadline);
                    if (count < 0) {
                        return Arrays.copyOf(buffer, size);
                    }
                    size += count;
                }
            }
        }

        /** Memory follows what has arrived, not what was announced. */
        private static long grown(int size, long declared) {
            return Math.min(declared, 4L * size);
        }

        private byte[] room(byte[] held, int bytes) {
            int more = kibs(bytes) - heldKibs;
            if (more > 0 && !kibs.tryAcquire(more)) {
                throw new Rejected(new Problem.Busy(
                        "The server holds as many request bodies as it can; try again shortly", Duration.ofSeconds(1)));
            }
            heldKibs += Math.max(0, more);
            return Arrays.copyOf(held, bytes);
        }

        /**
         * Takes what is left and throws it away, so that a sender who is still sending gets to read its answer: closing a
         * connection with unread bytes resets it. Gives up after another body's worth, or a short while.
         */
        void drain() {
            if (complete) {
                return;
            }
            complete = true;
            long deadline = System.nanoTime()
                    + Math.min(patience.toNanos(), Duration.ofSeconds(5).toNanos());
            byte[] sink = new byte[16 * KIB];
            try {
                for (long left = 2 * most; left > 0; ) {
                    int count = in.read(sink);
                    if (count < 0 || System.nanoTime() - deadline > 0) {
                        return;
                    }
                    left -= count;
                }
            } catch (IOException e) {
                // The sender left or fell silent: nothing more to take.
            }
        }

        @Override
        public void close() {
            kibs.release(heldKibs);
            heldKibs = 0;
        }
    }

    @FunctionalInterface
    private interface Read {
        int next() throws IOException;
    }

    private static int inTime(Read read, long deadline) throws IOException {
        int result;
        try {
            result = read.next();
        } catch (IOException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw new Rejected(new Problem.SlowSender("The request body stopped arriving"), e);
            }
            throw e;
        }
        if (System.nanoTime() - deadline > 0) {
            throw new Rejected(new Problem.SlowSender("The request body took too long to arrive"));
        }
        return result;
    }

    private static int kibs(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, Math.ceilDiv(bytes, KIB));
    }

    private Rejected tooLarge() {
        return new Rejected(new Problem.TooLarge("Request body is larger than " + most + " bytes"));
    }
}
