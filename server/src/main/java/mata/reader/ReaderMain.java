package mata.reader;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mata.time.SystemTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A reader as a process of its own: {@code mataserver reader --socket PATH --reader ID --incarnation N}. */
public final class ReaderMain {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderMain.class);

    /** A signal that ends the server's whole group reaches readers too; they then wait so long for the server's word. */
    private static final long LAST_ORDERS_S = 60;

    private ReaderMain() {}

    /**
     * Connects to the server that started this process, and returns when the connection has ended, whichever side ended it
     * and however abruptly: the process is to end then. All threads left behind are daemons.
     *
     * @throws IOException when there is no server at that socket
     */
    public static void run(Path socket, String reader, int incarnation, ModelLoader loader, PictureDecoder decoder)
            throws IOException {
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> await(ended), "last-orders"));
        try (var time = new SystemTime();
                var server = UnixChannel.connect(socket)) {
            var parts = new ReaderLoop.Parts(loader, decoder, time, ResidentMemory::ofThisProcess);
            new ReaderLoop(reader, incarnation, server, parts).run();
        } finally {
            ended.countDown();
        }
    }

    /** Holds up the end of this process: Ctrl-C lets the server drain its readers first. */
    private static void await(CountDownLatch ended) {
        try {
            if (!ended.await(LAST_ORDERS_S, TimeUnit.SECONDS)) {
                LOG.warn("the server has not let this reader go, it ends all the same");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
