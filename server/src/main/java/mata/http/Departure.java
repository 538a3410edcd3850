package mata.http;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * Notices that a client hangs up while its request is being worked on. Jetty reads an HTTP/1.1 connection only when it wants
 * the next request, so in between nobody would see it end; this reads ahead by one byte. A client that shuts down its sending
 * side counts as gone, as with other servers.
 *
 * <p>To be opened once the request's body has been read, and closed before the answer is written.
 */
final class Departure implements AutoCloseable {

    private final EndPoint endPoint;
    private final Response response;
    private final Runnable whenGone;
    private final Interest interest = new Interest();
    /** Held while the connection is read, so that Jetty never reads at the same time. */
    private final ReentrantLock reading = new ReentrantLock();

    private boolean closed;

    private Departure(EndPoint endPoint, Response response, Runnable whenGone) {
        this.endPoint = endPoint;
        this.response = response;
        this.whenGone = whenGone;
    }

    /** @param whenGone called at most once, on another thread, never after {@link #close} has returned */
    static Departure watch(Request request, Response response, Runnable whenGone) {
        var departure =
                new Departure(request.getConnectionMetaData().getConnection().getEndPoint(), response, whenGone);
        departure.endPoint.tryFillInterested(departure.interest);
        return departure;
    }

    @Override
    public void close() {
        reading.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            reading.unlock();
        }
        // Takes our interest back, so that Jetty can register its own for the next request.
        if (endPoint instanceof AbstractEndPoint known) {
            known.getFillInterest().onFail(new IOException("no longer watched"));
        }
    }

    private final class Interest implements Callback {

        @Override
        public void succeeded() {
            reading.lock();
            try {
                if (closed) {
                    return;
                }
                switch (readAhead()) {
                    case -1 -> {
                        closed = true;
                        whenGone.run();
                    }
                    case 0 -> endPoint.tryFillInterested(this);
                    default -> {
                        // The client sent its next request without waiting. We hold that request's first byte, so this
                        // connection ends with this answer; a client that does not wait must be ready for that (RFC
                        // 9112, 9.3.2).
                        closed = true;
                        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
                    }
                }
            } finally {
                reading.unlock();
            }
        }

        @Override
        public void failed(Throwable cause) {
            reading.lock();
            try {
                if (!closed) {
                    closed = true;
                    whenGone.run();
                }
            } finally {
                reading.unlock();
            }
        }

        private int readAhead() {
            try {
                return endPoint.fill(BufferUtil.allocate(1));
            } catch (IOException e) {
                return -1;
            }
        }
    }
}
