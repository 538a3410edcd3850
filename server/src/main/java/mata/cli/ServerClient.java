package mata.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.StringJoiner;
import mata.config.ApiKeyFile;
import mata.config.Settings;

/**
 * Talks to a running server. {@code HttpURLConnection}, because the newer client of the JDK takes four times as long to start.
 *
 * @param url without a slash at its end
 */
record ServerClient(String url, Optional<String> key) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CONNECT_MILLIS = 5_000;

    /** What the server said to a request that it understood but would not or could not serve, or that nobody answered. */
    static final class Failed extends RuntimeException {
        Failed(String message) {
            super(message);
        }
    }

    /** A key of the server that has our settings; not for others. */
    static Optional<String> ownKey(Settings settings) {
        return settings.access()
                .clientKey()
                .or(() -> settings.access().keys().stream().findFirst())
                .or(() -> ApiKeyFile.in(settings.dataDir()).read());
    }

    JsonNode get(String path) {
        return exchange("GET", path, "", new byte[0]);
    }

    JsonNode post(String path, JsonNode body) throws JacksonException {
        return exchange("POST", path, "application/json", JSON.writeValueAsBytes(body));
    }

    /** Sends a request; answers of 400 and above are failures. */
    JsonNode exchange(String method, String path, String contentType, byte[] body) {
        try {
            HttpURLConnection connection = connect(method, path, contentType);
            if (body.length > 0) {
                connection.setDoOutput(true);
                connection.setFixedLengthStreamingMode(body.length);
                try (var out = connection.getOutputStream()) {
                    out.write(body);
                }
            }
            int status = connection.getResponseCode();
            try (InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                JsonNode json = answer == null ? MissingNode.getInstance() : parse(answer);
                if (status >= 400) {
                    throw new Failed(detail(status, json));
                }
                return json;
            }
        } catch (ConnectException | UnknownHostException | SocketTimeoutException unreachable) {
            throw new Failed("cannot reach " + url + ": is the server running? (mataserver serve)");
        } catch (IOException | IllegalArgumentException broken) {
            throw new Failed("no answer from " + url + ": " + broken.getMessage());
        }
    }

    /** Whether somebody answers there, without a key. */
    boolean isUp() {
        try {
            return get("/v1/health").path("status").asText().equals("ok");
        } catch (Failed down) {
            return false;
        }
    }

    private HttpURLConnection connect(String method, String path, String contentType) throws IOException {
        var connection = (HttpURLConnection) URI.create(url + path).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setRequestMethod(method);
        connection.setRequestProperty("Accept", "application/json");
        if (!contentType.isEmpty()) {
            connection.setRequestProperty("Content-Type", contentType);
        }
        key.ifPresent(secret -> connection.setRequestProperty("Authorization", "Bearer " + secret));
        return connection;
    }

    private static JsonNode parse(InputStream answer) throws IOException {
        try {
            return JSON.readTree(answer);
        } catch (JacksonException notJson) {
            return MissingNode.getInstance();
        }
    }

    private String detail(int status, JsonNode json) {
        JsonNode detail = json.path("detail");
        String text = detail.isTextual() ? detail.asText() : "the server answered " + status;
        if (detail.isArray()) {
            var faults = new StringJoiner("; ");
            detail.forEach(fault -> faults.add(fault.path("msg").asText()));
            text = faults.toString();
        }
        return status == 401 || status == 403
                ? text + " (" + url + "; give one with --api-key or MATA_SERVER_API_KEY)"
                : text;
    }
}
