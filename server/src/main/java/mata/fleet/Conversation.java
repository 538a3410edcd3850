package mata.fleet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import mata.reader.Channel;
import mata.reader.ReaderLoop;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import mata.reader.wire.Hello;
import mata.reader.wire.Load;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of what is said with one reader. Commands go out on a thread of their own: a reader that does not listen
 * must not hold up those who have something to tell it, and a picture is large enough to wait for.
 */
final class Conversation {

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    private final Incarnation reader;
    private final Load load;
    private final Carrier.Ear ear;
    private final BlockingQueue<Command> outbox = new LinkedBlockingQueue<>();

    Conversation(Incarnation reader, Load load, Carrier.Ear ear) {
        this.reader = reader;
        this.load = load;
        this.ear = ear;
    }

    void send(Command command) {
        outbox.add(command);
    }

    /** Speaks and listens until the conversation has ended, from either side. */
    void hold(Channel<Event, Command> channel) {
        Optional<Event> greeting = channel.receive();
        if (greeting.isEmpty() || !isExpected(greeting.get())) {
            LOG.warn("reader {} did not greet as expected, but: {}", reader, greeting);
            return;
        }
        Thread speaker = Thread.ofPlatform().daemon().name("to-" + reader).start(() -> speak(channel));
        try {
            for (Optional<Event> event = channel.receive(); event.isPresent(); event = channel.receive()) {
                ear.said(event.get());
            }
        } finally {
            speaker.interrupt();
        }
    }

    private boolean isExpected(Event greeting) {
        Hello hello = greeting.getHello();
        return greeting.hasHello()
                && hello.getProtocol() == ReaderLoop.PROTOCOL
                && hello.getReader().equals(reader.reader().name())
                && hello.getIncarnation() == reader.number();
    }

    private void speak(Channel<Event, Command> channel) {
        try {
            channel.send(Command.newBuilder().setLoad(load).build());
            List<Command> commands = new ArrayList<>();
            while (true) {
                commands.add(outbox.take());
                outbox.drainTo(commands);
                int jobs = (int) commands.stream().filter(Command::hasJob).count();
                if (jobs > 0) {
                    ear.giving(jobs);
                }
                channel.send(commands);
                commands.clear();
            }
        } catch (IOException e) {
            LOG.debug("reader {} does not listen any more", reader, e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
