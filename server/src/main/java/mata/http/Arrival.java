package mata.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** Names each request, in its answer and in every log line written for it, and logs one line at its end. */
final class Arrival extends Handler.Wrapper {

    private static final Logger LOG = LoggerFactory.getLogger("mata.http.access");
    private static final String ATTRIBUTE = Arrival.class.getName();

    Arrival(Handler next) {
        super(next);
    }

    /** The request's name; one is given to a request that has none yet because it never got to its handler. */
    static String requestId(Request request) {
        if (request.getAttribute(ATTRIBUTE) instanceof String id) {
            return id;
        }
        String id = RequestId.of(request.getHeaders().get(RequestId.HEADER));
        request.setAttribute(ATTRIBUTE, id);
        return id;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String id = requestId(request);
        response.getHeaders().put(RequestId.HEADER, id);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        try (var _ = MDC.putCloseable("request_id", id)) {
            boolean handled = super.handle(request, response, callback);
            // The path without its query: a query may hold a key.
            LOG.info(
                    "{} {} {} {} ms {}",
                    request.getMethod(),
                    request.getHttpURI().getPath(),
                    response.getStatus(),
                    NanoTime.millisSince(request.getBeginNanoTime()),
                    Request.getRemoteAddr(request));
            return handled;
        }
    }
}
