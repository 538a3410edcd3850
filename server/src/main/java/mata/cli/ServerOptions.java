package mata.cli;

import java.util.Optional;
import mata.config.Settings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command talks to, and as whom. */
final class ServerOptions {

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "server base URL (default: http://localhost:<MATA_SERVER_PORT> from settings)")
    private @Nullable String url;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "API key (default: MATA_SERVER_API_KEY, else the key that a server on this machine made)")
    private @Nullable String apiKey;

    /** Whether the server is the one that has our settings. */
    boolean isOwn() {
        return url == null;
    }

    ServerClient client(Settings settings) {
        return url == null
                ? new ServerClient(settings.url(), Optional.ofNullable(apiKey).or(() -> ServerClient.ownKey(settings)))
                : new ServerClient(
                        url.replaceFirst("/+$", ""), Optional.ofNullable(apiKey).or(settings.access()::clientKey));
    }
}
