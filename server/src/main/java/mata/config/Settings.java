package mata.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import mata.folder.NumberFormat;
import mata.task.ModelRef;

/**
 * What the server was told, checked: environment over {@code .env} over YAML over the defaults of {@link Setting}.
 *
 * @param dataDir registry, keys, engine cache; absolute, need not exist yet
 * @param given which settings somebody set, so that a default can give way where a wish cannot
 * @param warnings what was accepted but is worth a word at start
 */
public record Settings(
        Listener listener,
        Access access,
        Path dataDir,
        Log log,
        Models models,
        Limits limits,
        HubPlaces hub,
        Set<Setting> given,
        List<String> warnings) {

    public Settings {
        given = Set.copyOf(given);
        warnings = List.copyOf(warnings);
    }

    /**
     * The vision listener.
     *
     * @param port 0 = any free one
     * @param tls empty = plain HTTP
     * @param corsOrigins web origins whose pages may call
     * @param trustedProxies addresses whose {@code X-Forwarded-*} headers are believed
     */
    public record Listener(
            String host, int port, Optional<Tls> tls, List<String> corsOrigins, List<String> trustedProxies) {
        public Listener {
            corsOrigins = List.copyOf(corsOrigins);
            trustedProxies = List.copyOf(trustedProxies);
        }

        public Listener withPort(int other) {
            return new Listener(host, other, tls, corsOrigins, trustedProxies);
        }

        /** Where a client on this machine finds it. */
        public String url(int boundPort) {
            String reachable = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
            return (tls.isPresent() ? "https://" : "http://")
                    + (reachable.contains(":") ? "[" + reachable + "]" : reachable) + ":" + boundPort;
        }
    }

    /** PEM files. */
    public record Tls(Path certificate, Path key) {}

    /**
     * Who may call.
     *
     * @param open everybody
     * @param keys accepted ones, the command line's own among them; with none of them and not open, {@link ApiKeyFile} makes one
     * @param clientKey what the command line sends
     */
    public record Access(boolean open, List<String> keys, Optional<String> clientKey) {
        public Access {
            keys = List.copyOf(keys);
        }
    }

    public record Log(String level, boolean json) {

        /** Whether a fault may show its stack trace. */
        public boolean isDebug() {
            return level.equals("debug") || level.equals("trace");
        }
    }

    /**
     * How models are kept.
     *
     * @param keepAlive after the last use; zero = unload at once, empty = for ever
     * @param maxRamUtilization share of the machine's memory, above 0, at most 1
     * @param device {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:<n>}
     * @param dtype which variant of the weights to take
     * @param allowTwin whether somebody else's export may stand in for a repository without graphs
     * @param inline readers live in the server's process
     */
    public record Models(
            Optional<Duration> keepAlive,
            double maxRamUtilization,
            OptionalInt maxLoaded,
            List<ModelRef> preload,
            Set<ModelRef> pinned,
            String device,
            NumberFormat dtype,
            boolean allowTwin,
            Optional<ModelRef> personDetector,
            boolean inline) {
        public Models {
            preload = List.copyOf(preload);
            pinned = Set.copyOf(pinned);
        }

        Models inOneProcess() {
            return new Models(
                    keepAlive,
                    maxRamUtilization,
                    maxLoaded,
                    List.of(),
                    pinned,
                    device,
                    dtype,
                    allowTwin,
                    personDetector,
                    true);
        }
    }

    /** @param heartbeatCheck between two looks for silent readers; zero = never look */
    public record Limits(
            int maxBodyBytes,
            int maxImagePixels,
            int maxQueue,
            Duration requestTimeout,
            int maxBatch,
            Duration batchDelay,
            Duration heartbeatCheck) {}

    /**
     * What the Python tools of the hub understand by their own variables.
     *
     * @param cache the folder with {@code models--org--name}
     * @param endpoint without a slash at its end
     * @param offline no network at all
     * @param virtualEnvironment the Python environment that is active
     */
    public record HubPlaces(
            Path cache,
            Optional<String> token,
            String endpoint,
            boolean offline,
            Optional<String> httpsProxy,
            Optional<String> httpProxy,
            List<String> noProxy,
            Optional<Path> virtualEnvironment) {
        public HubPlaces {
            noProxy = List.copyOf(noProxy);
        }

        /** Without token and proxies, which may hold passwords: this may end up in a log. */
        @Override
        public String toString() {
            return "HubPlaces[" + cache + ", " + endpoint + (offline ? ", offline]" : "]");
        }
    }

    /** The same on another port. */
    public Settings withPort(int port) {
        return new Settings(listener.withPort(port), access, dataDir, log, models, limits, hub, given, warnings);
    }

    /** For a server that lives as long as one command: on this machine only, any free port, this key alone, no second process. */
    public Settings forOneCommand(String key) {
        return new Settings(
                new Listener("127.0.0.1", 0, Optional.empty(), List.of(), List.of()),
                new Access(false, List.of(key), Optional.of(key)),
                dataDir,
                log,
                models.inOneProcess(),
                limits,
                hub,
                given,
                List.of());
    }

    /** Where a client on this machine finds the server, unless told otherwise. */
    public String url() {
        return listener.url(listener.port());
    }

    /** Reads this process's environment and working directory. */
    public static Settings read() {
        return read(System.getenv(), Path.of("").toAbsolutePath());
    }

    /**
     * @param environment all of it; names of ours, of the hub's tools and of proxies are used
     * @param workingDirectory where {@code .env} is looked for and relative paths begin; absolute
     * @throws BadSettings naming every unknown name, unreadable value and clash
     */
    public static Settings read(Map<String, String> environment, Path workingDirectory) {
        return new SettingsReader(environment, workingDirectory).read();
    }
}
