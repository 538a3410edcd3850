package mata.fleet;

import java.util.List;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import mata.reader.wire.Load;

/** Brings readers to life: as processes of their own, or inside this one. */
public interface Carrier extends AutoCloseable {

    /** Begins a reader and returns at once; what becomes of it is told to {@code ear}. */
    Link start(Incarnation reader, Load load, Ear ear);

    /** To be called when no reader is left. */
    @Override
    void close();

    /** The server's hold on one reader. Neither call waits, and both are harmless after its end. */
    interface Link {

        void send(Command command);

        /** Ends it now, whatever it is doing. */
        void kill();
    }

    /** Hears one reader, in order, on one thread at a time but for {@link #giving}. */
    interface Ear {

        /** @param pids the processes that do its work */
        void started(List<Long> pids);

        /** So many jobs are about to be sent to it; told before it can answer them. On a thread of its own. */
        void giving(int jobs);

        void said(Event event);

        /**
         * It is no more: the last thing heard of it, and told exactly once.
         *
         * @param how what happened, to go behind its name: "ended by signal 9"
         * @param logTail the last lines it wrote, at most 20
         */
        void ended(String how, List<String> logTail);
    }
}
