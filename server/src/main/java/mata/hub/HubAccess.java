package mata.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mata.config.Settings;
import mata.problem.Problem;
import mata.problem.Rejected;

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

    /**
     * As the settings say.
     *
     * @throws Rejected BadInput: an address that is none, or a proxy that we cannot use
     */
    public static HubAccess of(Settings.HubPlaces places) {
        Map<String, URI> proxies = new HashMap<>();
        places.httpsProxy().ifPresent(text -> proxies.put("https", proxy("HTTPS_PROXY", text)));
        places.httpProxy().ifPresent(text -> proxies.put("http", proxy("HTTP_PROXY", text)));
        return new HubAccess(address("HF_ENDPOINT", places.endpoint()), places.token(), proxies, places.noProxy());
    }

    private static URI proxy(String variable, String text) {
        URI proxy = address(variable, text.contains("://") ? text : "http://" + text);
        if (!proxy.getScheme().equals("http")) {
            throw new Rejected(new Problem.BadInput(variable
                    + ": only proxies that speak HTTP (http://host:port) can be used, not " + proxy.getScheme()));
        }
        return proxy;
    }

    private static URI address(String variable, String text) {
        try {
            URI address = new URI(text);
            if (address.getScheme() != null && address.getHost() != null) {
                return address;
            }
        } catch (URISyntaxException e) {
            // Said below, like the others.
        }
        throw new Rejected(new Problem.BadInput(variable + " is no web address (https://host): " + text));
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
