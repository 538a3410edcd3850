package mata.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;

/**
 * One request and its answer, as handlers see them. This class and {@link Listener} are where the web library ends. Used by
 * one thread.
 */
final class Exchange implements AutoCloseable {

    static final String JSON = "application/json";

    private final Request request;
    private final Response response;
    private final String requestId;
    private final Map<String, String> pathParts;
    private final Bodies.Body body;

    Exchange(Request request, Response response, String requestId, Map<String, String> pathParts, Bodies bodies) {
        this.request = request;
        this.response = response;
        this.requestId = requestId;
        this.pathParts = pathParts;
        this.body = bodies.new Body(Request.asInputStream(request), request.getLength());
    }

    String requestId() {
        return requestId;
    }

    /** The decoded text that stands in the path where the route's template says <code>{name}</code>. */
    String pathPart(String name) {
        String part = pathParts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("no {" + name + "} in this route's template");
        }
        return part;
    }

    boolean hasPathPart(String name) {
        return pathParts.containsKey(name);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeaders().get(name));
    }

    /**
     * The decoded query, each name with its values in order.
     *
     * @throws Rejected BadInput when its percent signs make no sense
     */
    Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        try {
            for (Fields.Field field : Request.extractQueryParameters(request)) {
                query.put(field.getName(), field.getValues());
            }
        } catch (IllegalArgumentException e) {
            throw new Rejected(new Problem.BadInput("The query cannot be decoded: " + e.getMessage()), e);
        }
        return query;
    }

    /** {@code type/subtype} in lower case, without parameters; empty if the request names none. */
    String mediaType() {
        String type = header("Content-Type").orElse("");
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    /**
     * The whole body.
     *
     * @throws Rejected TooLarge, SlowSender, Busy
     */
    byte[] body() throws IOException {
        return body.bytes();
    }

    /**
     * Has {@code whenGone} called, on another thread, if the client hangs up before the answer. Close it before replying.
     * The body must have been read.
     */
    Departure watch(Runnable whenGone) {
        return Departure.watch(request, response, whenGone);
    }

    void setHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }

    /**
     * Answers with JSON, written as it is made. If {@code json} fails, the answer is not ended: what is still in the buffer is
     * dropped, and what is out is seen to be cut off.
     */
    void reply(int status, JsonWriting json) throws IOException {
        JsonGenerator out = Json.FACTORY.createGenerator(open(status, JSON));
        json.to(out);
        out.close();
    }

    void reply(int status, String mediaType, byte[] bytes) throws IOException {
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        try (OutputStream out = open(status, mediaType)) {
            out.write(bytes);
        }
    }

    /** Answers without a body. */
    void reply(int status) throws IOException {
        response.setStatus(status);
        Response.asBufferedOutputStream(request, response).close();
    }

    /** Begins an answer that comes in pieces; the caller flushes and closes. */
    OutputStream open(int status, String mediaType) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, mediaType);
        return Response.asBufferedOutputStream(request, response);
    }

    boolean isAnswered() {
        return response.isCommitted();
    }

    /** Takes what the client is still sending, unless it waits for a word from us before it sends. */
    void drain() {
        if (!request.getHeaders().contains(HttpHeader.EXPECT)) {
            body.drain();
        }
    }

    @Override
    public void close() {
        body.close();
    }
}
