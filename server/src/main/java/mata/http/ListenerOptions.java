package mata.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one listener stands on the network.
 *
 * @param host the address to listen on
 * @param port 0 = any free one
 * @param tls certificate and key; empty = plain HTTP
 * @param corsOrigins origins whose pages may call, or {@code *}
 * @param trustedProxies addresses or CIDR ranges whose {@code Forwarded} and {@code X-Forwarded-*} headers are believed
 */
public record ListenerOptions(
        String host,
        int port,
        Optional<Tls> tls,
        List<String> corsOrigins,
        List<String> trustedProxies,
        Limits limits,
        Timeouts timeouts) {

    public ListenerOptions {
        corsOrigins = List.copyOf(corsOrigins);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /** Plain HTTP, open to no other origin, with the documented limits. */
    public static ListenerOptions on(String host, int port) {
        return new ListenerOptions(
                host, port, Optional.empty(), List.of(), List.of(), Limits.documented(), Timeouts.documented());
    }

    /** PEM files: the certificate chain, and its private key in PKCS #8. */
    public record Tls(Path certificate, Path key) {}

    /**
     * @param bodyBytes a longer request body is refused while it is being read
     * @param bodiesBytes request bodies held at one moment, over all connections; beyond, requests are turned away for now
     * @param connections open connections; beyond, new ones wait to be accepted, and idle ones are closed soon
     */
    public record Limits(long bodyBytes, long bodiesBytes, int connections) {

        /** 32 MiB for one body; for all together a third of the heap, and never less than two bodies. */
        public static Limits documented() {
            long body = 32L << 20;
            return new Limits(body, Math.max(2 * body, Runtime.getRuntime().maxMemory() / 3), 4096);
        }
    }

    /**
     * @param idle a connection on which nothing moves for so long is closed, unless an answer is being worked on
     * @param body how long the whole of a request's body may take to arrive
     * @param stop how long a stop waits for requests under way
     */
    public record Timeouts(Duration idle, Duration body, Duration stop) {

        public static Timeouts documented() {
            return new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(120), Duration.ofSeconds(10));
        }
    }
}
