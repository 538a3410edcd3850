package mata.http;

import java.io.OutputStream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what never reaches a handler, such as a request that is not HTTP or has too long a header, in the usual shape. */
final class ProtocolFaults implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        int status = response.getStatus();
        String detail = status < 500 && request.getAttribute(ErrorHandler.ERROR_MESSAGE) instanceof String message
                ? message
                : HttpStatus.getMessage(status);
        response.getHeaders().put(RequestId.HEADER, Arrival.requestId(request));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Exchange.JSON);
        try (OutputStream bytes = Response.asBufferedOutputStream(request, response);
                var out = Json.FACTORY.createGenerator(bytes)) {
            ProblemJson.write(out, detail);
        }
        callback.succeeded();
        return true;
    }
}
