package mata.reader;

import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One end of a conversation between server and reader. Messages arrive whole and in order. Any thread may send; one thread
 * at a time receives. An interrupt of a thread inside either call may end the conversation.
 *
 * @param <I> what comes in
 * @param <O> what goes out
 */
public interface Channel<I extends MessageLite, O extends MessageLite> extends AutoCloseable {

    /**
     * Sends these, with nothing of others between them. May wait until the other side reads.
     *
     * @throws IOException when the conversation has ended
     */
    void send(List<? extends O> messages) throws IOException;

    default void send(O message) throws IOException {
        send(List.of(message));
    }

    /**
     * Waits for the next message.
     *
     * @return empty once the conversation has ended, from either side, however abruptly
     */
    Optional<I> receive();

    /** Ends the conversation. Wakes whoever waits in {@link #receive}. Idempotent. */
    @Override
    void close();
}
