package mata.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.ModelRef;

/** Words for what can go wrong between us and the hub while one model is pulled: what is wrong, and what to do next. */
final class HubFaults {

    private static final Pattern RATE_LIMIT = Pattern.compile("\"\\w+\"\\s*;\\s*r\\s*=\\s*0\\s*;\\s*t\\s*=\\s*(\\d+)");

    private final HubAccess access;
    private final ModelRef model;
    private final String revision;

    HubFaults(HubAccess access, ModelRef model, String revision) {
        this.access = access;
        this.model = model;
        this.revision = revision;
    }

    /** An answer that ends the pull. The hub says more in {@code X-Error-Code} than in the status. */
    Rejected of(int status, HttpHeaders headers) {
        String code = headers.firstValue("X-Error-Code").orElse("");
        boolean refused = status == 401 || status == 403;
        return switch (code) {
            case "RevisionNotFound" -> rejected("'" + model + "' has no revision '" + revision + "'");
            case "GatedRepo" -> gated();
            case "EntryNotFound" -> rejected("'" + model + "' no longer has a file that it lists; pull it again");
            case "RepoNotFound" -> access.token().isEmpty() && refused ? hidden() : missing();
            default ->
                switch (status) {
                    case 401 -> access.token().isEmpty() ? hidden() : badToken();
                    case 403 -> forbidden();
                    case 404 -> missing();
                    case 407 ->
                        rejected("the proxy wants a name and a password: put them into HTTPS_PROXY"
                                + " (http://name:password@host:port)");
                    case 429 ->
                        rejected("the hub at " + host() + " limits how often it may be asked; "
                                + (access.token().isEmpty() ? "set HF_TOKEN for a higher limit, or " : "")
                                + "pull again " + whenAgain(headers));
                    case 451 -> rejected("the hub has shut '" + model + "' for legal reasons");
                    default ->
                        rejected("the hub at " + host() + " answers " + status + " for '" + model + "'"
                                + headers.firstValue("X-Error-Message")
                                        .map(text -> ": " + text)
                                        .orElse("")
                                + (status >= 500 ? "; pull again later, it goes on where it stopped" : ""));
                };
        };
    }

    private Rejected gated() {
        return rejected("'" + model + "' is gated: accept its terms at " + access.endpoint() + "/" + model
                + (access.token().isEmpty()
                        ? ", then set HF_TOKEN to a token of that account"
                        : " with the account of HF_TOKEN")
                + " and pull again");
    }

    private Rejected hidden() {
        return rejected("the hub at " + host() + " does not show '" + model
                + "' to everybody: either the name is wrong, or it is"
                + " private or gated; then set HF_TOKEN to a token that may read it");
    }

    private Rejected badToken() {
        return rejected(
                "the hub at " + host() + " does not take the token of HF_TOKEN (wrong or expired); make a new one at "
                        + access.endpoint() + "/settings/tokens");
    }

    private Rejected forbidden() {
        return rejected("the hub at " + host() + " forbids '" + model + "': "
                + (access.token().isEmpty()
                        ? "set HF_TOKEN to a token that may read it"
                        : "the token of HF_TOKEN has no right to read it"));
    }

    private Rejected missing() {
        return rejected("there is no model '" + model + "' on the hub at " + host()
                + (access.token().isEmpty()
                        ? ", or it is private: then set HF_TOKEN"
                        : ", or HF_TOKEN may not see it"));
    }

    private static String whenAgain(HttpHeaders headers) {
        return wished(headers).map(wait -> "in " + wait.toSeconds() + " s").orElse("in some minutes");
    }

    /** No answer at all. */
    Rejected unreachable(URI address, IOException failure) {
        String host = HubClient.host(address);
        String cause = switch (failure) {
            case SSLException tls ->
                "no trust in " + host + " (" + tls.getMessage()
                        + "); behind a proxy that reads TLS, add its certificate to" + " the trust store of Java";
            case IOException _ when isUnknownHost(failure) -> "no address for " + host;
            case ConnectException _ -> "nothing listens at " + host;
            default -> host + ": " + String.valueOf(failure.getMessage());
        };
        return new Rejected(
                new Problem.BadInput(
                        "cannot pull '" + model + "': " + cause + ". Without network: 'import' a file that another"
                                + " machine wrote with 'export'; behind a proxy set HTTPS_PROXY; for a mirror set HF_ENDPOINT"),
                new Unreachable(failure));
    }

    /** The bytes of a file stopped coming, for good. */
    Rejected brokenOff(String path, String cause) {
        return rejected(
                "'" + path + "' of '" + model + "' broke off: " + cause + ". What came is kept; pull again to go on");
    }

    Rejected notAHub(String sign) {
        return rejected("what answers at " + access.endpoint() + " is not a hub: " + sign
                + "; check HF_ENDPOINT and the proxy");
    }

    Rejected rejected(String detail) {
        return new Rejected(new Problem.BadInput(detail));
    }

    private String host() {
        return HubClient.host(access.endpoint());
    }

    private static boolean isUnknownHost(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    /** Whether trying again is a waste of time: nobody is there, or we do not trust who is. */
    static boolean isHopeless(IOException failure) {
        return failure instanceof SSLException || isUnknownHost(failure) || failure instanceof ConnectException;
    }

    static boolean isTransient(int status) {
        return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
    }

    /** How long the server wants to be left alone. */
    static Optional<Duration> wished(HttpResponse<?> answer) {
        return wished(answer.headers());
    }

    private static Optional<Duration> wished(HttpHeaders headers) {
        return headers.firstValue("Retry-After")
                .flatMap(HubFaults::retryAfter)
                .or(() -> headers.firstValue("RateLimit")
                        .map(RATE_LIMIT::matcher)
                        .filter(Matcher::find)
                        .map(found -> Duration.ofSeconds(Long.parseLong(found.group(1)))));
    }

    /** Seconds or a date, RFC 9110 section 10.2.3. */
    private static Optional<Duration> retryAfter(String value) {
        try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value.strip())));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant until = ZonedDateTime.parse(value.strip(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration wait = Duration.between(Instant.now(), until);
                return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
            } catch (DateTimeParseException notADate) {
                return Optional.empty();
            }
        }
    }
}
