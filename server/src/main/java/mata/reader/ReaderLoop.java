package mata.reader;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import mata.reader.wire.Hello;
import mata.reader.wire.Load;
import mata.time.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader's life: says hello, is told what to load, then claims room and answers the jobs that come, until it is drained or
 * the server is gone. The thread that calls {@link #run} only listens; {@link Workers} do the rest.
 */
public final class ReaderLoop {

    public static final int PROTOCOL = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ReaderLoop.class);

    /**
     * What a reader is made of.
     *
     * @param residentBytes looks up the memory this reader takes; 0 where nobody knows
     */
    public record Parts(ModelLoader loader, PictureDecoder decoder, Time time, LongSupplier residentBytes) {}

    private final String reader;
    private final int incarnation;
    private final Channel<Command, Event> server;
    private final Parts parts;

    public ReaderLoop(String reader, int incarnation, Channel<Command, Event> server, Parts parts) {
        this.reader = reader;
        this.incarnation = incarnation;
        this.server = server;
        this.parts = parts;
    }

    /**
     * Returns when the conversation with the server has ended, from either side. An engine call that is stuck then is left
     * behind on its thread, with its model.
     */
    public void run() {
        try (server) {
            server.send(hello());
            Optional<Command> first = server.receive();
            if (first.isPresent() && first.get().hasLoad()) {
                hold(first.get().getLoad());
            } else {
                LOG.warn("reader {} was not told what to load, but {}", reader, first);
            }
        } catch (IOException e) {
            LOG.debug("the server is gone", e);
        }
    }

    private Event hello() {
        return Event.newBuilder()
                .setHello(Hello.newBuilder()
                        .setReader(reader)
                        .setIncarnation(incarnation)
                        .setPid(Math.toIntExact(ProcessHandle.current().pid()))
                        .setProtocol(PROTOCOL))
                .build();
    }

    private void hold(Load load) throws IOException {
        try (var workers = new Workers(reader, load, server, parts)) {
            workers.start();
            for (Optional<Command> command = server.receive(); command.isPresent(); command = server.receive()) {
                switch (command.get().getKindCase()) {
                    case JOB -> workers.take(command.get().getJob());
                    case CANCEL -> workers.cancel(command.get().getCancel().getTicket());
                    case DRAIN -> workers.drain();
                    case LOAD, KIND_NOT_SET -> LOG.warn("reader {} ignores {}", reader, command.get());
                }
            }
        }
    }
}
