package mata.fleet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mata.reader.Channel;
import mata.reader.UnixChannel;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import mata.reader.wire.Load;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Readers as processes of their own, joined over Unix sockets in a folder that nobody else can enter. The end of a process
 * gives back all of its memory, and its crash or hang concerns nobody else.
 */
public final class ProcessCarrier implements Carrier {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessCarrier.class);

    /** How long a process may take to end, and its last words to arrive, once its conversation is over. */
    private static final long FAREWELL_MS = 2_000;

    private final ReaderCommandLine commandLine;
    private final Path folder;
    private final AtomicInteger sockets = new AtomicInteger();

    public ProcessCarrier(ReaderCommandLine commandLine) {
        this.commandLine = commandLine;
        try {
            this.folder = Files.createTempDirectory("mata-readers");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the sockets of readers", e);
        }
    }

    @Override
    public Link start(Incarnation reader, Load load, Ear ear) {
        var life = new Life(reader, load, ear);
        Thread.ofPlatform().daemon().name("from-" + reader).start(life::run);
        return life;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("cannot remove {}", folder, e);
        }
    }

    /** One reader from its start to its end. */
    private final class Life implements Link {

        private final Incarnation reader;
        private final Ear ear;
        private final Conversation conversation;
        private final Path socket;
        private final LogTail log = new LogTail(System::nanoTime);
        private Optional<Process> process = Optional.empty(); // guarded by this
        private boolean killed; // guarded by this

        Life(Incarnation reader, Load load, Ear ear) {
            this.reader = reader;
            this.ear = ear;
            this.conversation = new Conversation(reader, load, ear);
            this.socket = folder.resolve(String.valueOf(sockets.incrementAndGet()));
        }

        @Override
        public void send(Command command) {
            conversation.send(command);
        }

        @Override
        public synchronized void kill() {
            killed = true;
            process.ifPresent(Life::end);
        }

        /** With what it has started: a launcher's Java, a tool that reads text. */
        private static void end(Process child) {
            List<ProcessHandle> all = child.descendants().toList();
            child.destroyForcibly();
            all.forEach(ProcessHandle::destroyForcibly);
        }

        void run() {
            String how;
            try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                listening.bind(UnixDomainSocketAddress.of(socket));
                how = live(listening);
            } catch (IOException e) {
                LOG.error("reader {} could not be started", reader, e);
                how = "could not be started: " + e.getMessage();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                kill();
                how = "was given up";
            }
            ear.ended(how, log.lines());
        }

        private String live(ServerSocketChannel listening) throws IOException, InterruptedException {
            Process child = launch();
            Thread logger = Thread.ofPlatform()
                    .daemon()
                    .name("log-of-" + reader)
                    .start(() -> log.follow(child.inputReader(), line -> LOG.info("{}: {}", reader, line)));
            // Before it has connected, its end is seen here; afterwards by the end of the connection.
            var _ = child.onExit().thenRun(() -> close(listening));
            ear.started(List.of(child.pid()));
            try (Channel<Event, Command> channel = UnixChannel.accepted(listening.accept())) {
                Files.deleteIfExists(socket);
                conversation.hold(channel);
            } catch (ClosedChannelException _) {
                Files.deleteIfExists(socket);
            }
            if (!child.waitFor(FAREWELL_MS, TimeUnit.MILLISECONDS)) {
                LOG.warn("reader {} has said farewell but does not end", reader);
                kill();
                child.waitFor();
            }
            logger.join(FAREWELL_MS);
            return how(child.exitValue());
        }

        private synchronized Process launch() throws IOException {
            if (killed) {
                throw new IOException("it was ended before it began");
            }
            Process child = new ProcessBuilder(commandLine.of(socket, reader))
                    .redirectErrorStream(true)
                    .start();
            child.outputWriter().close();
            process = Optional.of(child);
            return child;
        }

        private static void close(ServerSocketChannel listening) {
            try {
                listening.close();
            } catch (IOException e) {
                LOG.debug("closing a socket", e);
            }
        }

        /** A process that a signal ended has 128 + its number as exit code. */
        private static String how(int exitCode) {
            return exitCode > 128 ? "ended by signal " + (exitCode - 128) : "ended with exit code " + exitCode;
        }
    }
}
