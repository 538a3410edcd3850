package mata.fleet;

import java.util.List;
import mata.reader.MemoryChannel;
import mata.reader.ReaderLoop;
import mata.reader.wire.Command;
import mata.reader.wire.Load;

/**
 * Readers as threads of this process: for tiny devices and for tests. One that is stuck in a call can only be left behind, with
 * its thread and its memory.
 */
public final class InlineCarrier implements Carrier {

    private final ReaderLoop.Parts parts;

    public InlineCarrier(ReaderLoop.Parts parts) {
        this.parts = parts;
    }

    @Override
    public Link start(Incarnation reader, Load load, Ear ear) {
        MemoryChannel.Pair pair = MemoryChannel.pair();
        var conversation = new Conversation(reader, load, ear);
        var loop = new ReaderLoop(reader.reader().name(), reader.number(), pair.reader(), parts);
        Thread life = Thread.ofPlatform().daemon().name("inline-" + reader).start(loop::run);
        Thread.ofPlatform().daemon().name("from-" + reader).start(() -> {
            ear.started(List.of(ProcessHandle.current().pid()));
            conversation.hold(pair.server());
            pair.server().close();
            ear.ended(hasLeft(life) ? "ended" : "ended, left behind in a call", List.of());
        });
        return new Link() {
            @Override
            public void send(Command command) {
                conversation.send(command);
            }

            @Override
            public void kill() {
                pair.server().close();
            }
        };
    }

    /** The loop itself waits only so long for its workers. */
    private static boolean hasLeft(Thread life) {
        try {
            life.join();
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {}
}
