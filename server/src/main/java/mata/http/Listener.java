package mata.http;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One port with a table of routes behind it: Jetty, set up once for all listeners. */
final class Listener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final Duration IDLE_WHEN_FULL = Duration.ofSeconds(2);

    private final Server server;
    private final ServerConnector connector;

    /** @param name what the listener is called in thread names and logs */
    Listener(String name, ListenerOptions options, Router router) {
        this.server = new Server(threads(name));
        this.connector = new ServerConnector(server, 1, 1, protocols(options));
        connector.setHost(options.host());
        connector.setPort(options.port());
        connector.setIdleTimeout(options.timeouts().idle().toMillis());
        connector.setAcceptQueueSize(512);
        server.addConnector(connector);
        server.addBean(connectionLimit(options));
        server.setErrorHandler(new ProtocolFaults());
        server.setStopTimeout(options.timeouts().stop().toMillis());
        var dispatch = new Dispatch(
                router, new Bodies(options.limits(), options.timeouts().body()));
        server.setHandler(new GracefulHandler(new Arrival(crossOrigin(options.corsOrigins(), dispatch))));
    }

    /** @throws IOException when the port cannot be had, or the certificate cannot be read */
    void start() throws IOException {
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new IOException(e);
        }
    }

    /** The port that is listened on, also when any was asked for. */
    int port() {
        return connector.getLocalPort();
    }

    /** Takes no more requests, waits a while for those under way, then cuts off the rest, and gives the port back. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (TimeoutException e) {
            LOG.warn("requests under way were cut off: they took longer than {} ms", server.getStopTimeout());
        } catch (Exception e) {
            throw new IllegalStateException("could not stop", e);
        }
    }

    /**
     * A few threads that move bytes; requests are handled on virtual threads, one each. Queue and executor are the JDK's own:
     * Jetty's queue starts the whole of JMX to learn how wide a reference is, a third of the time to the first answer.
     */
    private static QueuedThreadPool threads(String name) {
        var threads = new QueuedThreadPool(8, 2, 60_000, new LinkedBlockingQueue<>());
        threads.setName(name);
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name(name + "-request-", 0).factory()));
        return threads;
    }

    /** Once the limit is reached, connections on which nothing moves have to go soon: they may be there to keep others out. */
    private NetworkConnectionLimit connectionLimit(ListenerOptions options) {
        var limit = new NetworkConnectionLimit(options.limits().connections(), server);
        limit.setEndPointIdleTimeout(Math.min(options.timeouts().idle().toMillis(), IDLE_WHEN_FULL.toMillis()));
        return limit;
    }

    private static ConnectionFactory[] protocols(ListenerOptions options) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        // A model's name has a slash, which careful clients encode.
        http.setUriCompliance(
                UriCompliance.DEFAULT.with("encoded-slash", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
        options.tls().ifPresent(_ -> http.addCustomizer(new SecureRequestCustomizer(false)));
        if (!options.trustedProxies().isEmpty()) {
            http.addCustomizer(new TrustedProxies(options.trustedProxies()));
        }
        var plain = new HttpConnectionFactory(http);
        return options.tls()
                .map(tls -> new ConnectionFactory[] {new SslConnectionFactory(tls(tls), plain.getProtocol()), plain})
                .orElseGet(() -> new ConnectionFactory[] {plain});
    }

    private static SslContextFactory.Server tls(ListenerOptions.Tls files) {
        var tls = new SslContextFactory.Server();
        tls.setKeyStore(PemFiles.keyStore(files.certificate(), files.key()));
        tls.setKeyStorePassword("");
        tls.setSniRequired(false);
        return tls;
    }

    private static Handler crossOrigin(List<String> origins, Handler next) {
        if (origins.isEmpty()) {
            return next;
        }
        var handler = new CrossOriginHandler();
        handler.setAllowedOriginPatterns(origins.stream()
                .map(origin -> origin.equals("*") ? origin : Pattern.quote(origin))
                .collect(Collectors.toSet()));
        handler.setAllowedMethods(Set.of("GET", "HEAD", "POST", "DELETE"));
        handler.setAllowedHeaders(Set.of("Accept", "Authorization", "Content-Type", RequestId.HEADER));
        handler.setExposedHeaders(Set.of("Retry-After", RequestId.HEADER));
        handler.setHandler(next);
        return handler;
    }
}
