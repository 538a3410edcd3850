package mata.fleet;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Hands letters to one reader, one at a time and in order, without a thread of its own: whoever brings a letter while nobody
 * reads, reads until the box is empty; everybody else leaves his letter and goes. So nobody ever waits, and nobody may rely on
 * his letter having been read when he leaves.
 */
final class Mailbox<T> {

    private final Queue<T> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger unread = new AtomicInteger();
    private final Consumer<T> reader;

    /** @param reader must be quick, and must not throw */
    Mailbox(Consumer<T> reader) {
        this.reader = reader;
    }

    void post(T letter) {
        letters.add(letter);
        if (unread.getAndIncrement() == 0) {
            do {
                reader.accept(letters.remove());
            } while (unread.decrementAndGet() > 0);
        }
    }
}
