package mata.cli;

import java.io.IOException;
import mata.config.Settings;

/** Builds and starts the server. */
@FunctionalInterface
public interface ServerStart {

    /**
     * Returns once the server answers.
     *
     * @throws IOException when the port cannot be had; nothing is left running then
     */
    RunningServer start(Settings settings) throws IOException;

    /** A server that answers. */
    interface RunningServer extends AutoCloseable {

        /** Where clients on this machine find it. */
        String url();

        /** Takes no more requests, finishes what is in hand, ends readers. Idempotent. */
        @Override
        void close();

        /** Returns when somebody interrupts this thread; Ctrl-C and SIGTERM close the server in order before the process ends. */
        default void awaitEnd() throws InterruptedException {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(this::close));
            Thread.currentThread().join();
        }
    }
}
