package mata.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives a request to the handler of its route, and answers whatever problem comes out of that. */
final class Dispatch extends org.eclipse.jetty.server.Handler.Abstract {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

    private final Router router;
    private final Bodies bodies;

    Dispatch(Router router, Bodies bodies) {
        this.router = router;
        this.bodies = bodies;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // While an answer is being worked on, nothing moves on the connection, and nothing should.
        request.addIdleTimeoutListener(_ -> false);
        Optional<Router.Match> match = router.match(Request.getPathInContext(request));
        Map<String, String> parts = match.map(Router.Match::parts).orElse(Map.of());
        try (var exchange = new Exchange(request, response, Arrival.requestId(request), parts, bodies)) {
            answer(exchange, request.getMethod(), match);
            exchange.drain();
            callback.succeeded();
        } catch (IOException e) {
            LOG.debug("the connection broke before the answer was out", e);
            callback.failed(e);
        }
        return true;
    }

    private static void answer(Exchange exchange, String method, Optional<Router.Match> match) throws IOException {
        try {
            if (match.isPresent()) {
                handle(exchange, method, match.get());
            } else {
                reply(exchange, 404, "Not Found");
            }
        } catch (Rejected rejected) {
            reply(exchange, rejected.problem(), rejected);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reply(exchange, new Problem.Busy("The server is stopping", Duration.ofSeconds(5)), e);
        } catch (HttpException.RuntimeException e) {
            reply(exchange, e.getCode(), e.getReason());
        } catch (RuntimeException | StackOverflowError e) {
            LOG.error("a fault of ours", e);
            reply(exchange, new Problem.Broken("Internal server error; the log says more, see request_id"), e);
        }
    }

    private static void handle(Exchange exchange, String method, Router.Match match)
            throws IOException, InterruptedException {
        Optional<Handler> handler = match.handler(method);
        if (handler.isPresent()) {
            handler.get().handle(exchange);
            return;
        }
        exchange.setHeader("Allow", match.allowed());
        if (method.equals("OPTIONS")) {
            exchange.reply(204);
        } else {
            reply(exchange, 405, "Method Not Allowed");
        }
    }

    private static void reply(Exchange exchange, Problem problem, Throwable cause) throws IOException {
        if (exchange.isAnswered()) {
            // Half an answer is out: breaking the connection is the only way left to say that it is not whole.
            throw new IOException("failed in the middle of an answer", cause);
        }
        switch (problem) {
            case Problem.Busy busy -> exchange.setHeader("Retry-After", seconds(busy.retryAfter()));
            case Problem.Unauthenticated _ -> exchange.setHeader("WWW-Authenticate", "Bearer");
            case Problem.SlowSender _ -> exchange.setHeader("Connection", "close");
            default -> {}
        }
        exchange.reply(Statuses.of(problem), out -> ProblemJson.write(out, problem, exchange.requestId()));
    }

    private static void reply(Exchange exchange, int status, String detail) throws IOException {
        exchange.reply(status, out -> ProblemJson.write(out, detail));
    }

    private static String seconds(Duration duration) {
        return String.valueOf(Math.max(1, duration.plusMillis(999).toSeconds()));
    }
}
