package mata.hub;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the hub is reached; each part means what it means to the Python tools.
 *
 * @param endpoint scheme and host of the hub, without a slash at its end ({@code HF_ENDPOINT})
 * @param token sent to the hub, and to nobody else ({@code HF_TOKEN})
 * @param proxies by the scheme of the address that is asked for ({@code HTTPS_PROXY}, {@code HTTP_PROXY})
 * @param direct hosts reached without a proxy ({@code NO_PROXY})
 */
public record HubAccess(URI endpoint, Optional<String> token, Map<String, URI> proxies, List<String> direct) {

    public HubAccess {
        proxies = Map.copyOf(proxies);
        direct = List.copyOf(direct);
    }

    public static HubAccess to(URI endpoint) {
        return new HubAccess(endpoint, Optional.empty(), Map.of(), List.of());
    }

    public HubAccess withToken(String secret) {
        return new HubAccess(endpoint, Optional.of(secret), proxies, direct);
    }

    /** Whether an address belongs to the hub, so that the token may go there: same scheme, host and port. */
    boolean owns(URI address) {
        return endpoint.getScheme().equalsIgnoreCase(address.getScheme())
                && endpoint.getHost().equalsIgnoreCase(String.valueOf(address.getHost()))
                && port(endpoint) == port(address);
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }

    /** Without the token: this may end up in a log. */
    @Override
    public String toString() {
        return "HubAccess[" + endpoint + (token.isPresent() ? ", with a token]" : "]");
    }
}
