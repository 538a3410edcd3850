package mata.cli;

import java.util.Optional;
import mata.config.ApiKeyFile;
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

    ServerClient client(Settings settings) {
        return url == null
                ? new ServerClient(settings.url(), key(settings).or(() -> ownKey(settings)))
                : new ServerClient(url.replaceFirst("/+$", ""), key(settings));
    }

    private Optional<String> key(Settings settings) {
        return Optional.ofNullable(apiKey).or(settings.access()::clientKey);
    }

    /** Keys of the server that has our settings; they are not for others. */
    private static Optional<String> ownKey(Settings settings) {
        return settings.access().keys().stream()
                .findFirst()
                .or(() -> ApiKeyFile.in(settings.dataDir()).read());
    }
}
