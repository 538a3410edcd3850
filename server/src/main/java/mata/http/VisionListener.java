package mata.http;

import java.io.IOException;

/** The vision API on a port of its own: {@code /v1}, its description and the pages that show it. */
public final class VisionListener implements AutoCloseable {

    private final Listener listener;

    public VisionListener(ListenerOptions options, VisionParts parts) {
        this.listener = new Listener("vision", options, Routes.vision(parts));
    }

    /** @throws IOException when the port cannot be had */
    public void start() throws IOException {
        listener.start();
    }

    /** The port that is listened on, also when any was asked for. */
    public int port() {
        return listener.port();
    }

    /** Takes no more requests, waits a while for those under way, then cuts off the rest, and gives the port back. */
    @Override
    public void close() {
        listener.close();
    }
}
