package mata.reader;

import java.io.IOException;
import java.nio.file.Path;
import mata.time.SystemTime;

/** A reader as a process of its own: {@code mataserver reader --socket PATH --reader ID --incarnation N}. */
public final class ReaderMain {

    private ReaderMain() {}

    /**
     * Connects to the server that started this process, and returns when the connection has ended, whichever side ended it
     * and however abruptly: the process is to end then. All threads left behind are daemons.
     *
     * @throws IOException when there is no server at that socket
     */
    public static void run(Path socket, String reader, int incarnation, ModelLoader loader, PictureDecoder decoder)
            throws IOException {
        try (var time = new SystemTime();
                var server = UnixChannel.connect(socket)) {
            var parts = new ReaderLoop.Parts(loader, decoder, time, ResidentMemory::ofThisProcess);
            new ReaderLoop(reader, incarnation, server, parts).run();
        }
    }
}
