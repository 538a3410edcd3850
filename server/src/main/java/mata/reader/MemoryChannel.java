package mata.reader;

import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import mata.reader.wire.Command;
import mata.reader.wire.Event;

/** Both ends in one process: messages are handed over as they are. What was sent before the end is still received. */
public final class MemoryChannel<I extends MessageLite, O extends MessageLite> implements Channel<I, O> {

    /** The ends that a server and a reader hold. */
    public record Pair(Channel<Event, Command> server, Channel<Command, Event> reader) {}

    private final BlockingQueue<Optional<I>> in;
    private final BlockingQueue<Optional<O>> out;
    private final AtomicBoolean ended;

    private MemoryChannel(BlockingQueue<Optional<I>> in, BlockingQueue<Optional<O>> out, AtomicBoolean ended) {
        this.in = in;
        this.out = out;
        this.ended = ended;
    }

    public static Pair pair() {
        var commands = new LinkedBlockingQueue<Optional<Command>>();
        var events = new LinkedBlockingQueue<Optional<Event>>();
        var ended = new AtomicBoolean();
        return new Pair(new MemoryChannel<>(events, commands, ended), new MemoryChannel<>(commands, events, ended));
    }

    @Override
    public void send(List<? extends O> messages) throws IOException {
        if (ended.get()) {
            throw new IOException("the conversation has ended");
        }
        synchronized (out) {
            messages.forEach(message -> out.add(Optional.of(message)));
        }
    }

    @Override
    public Optional<I> receive() {
        try {
            Optional<I> message = in.take();
            if (message.isEmpty()) {
                in.add(message);
            }
            return message;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            close();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            in.add(Optional.empty());
            out.add(Optional.empty());
        }
    }
}
