package mata.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Picks the proxy of an address as {@code HTTPS_PROXY} and {@code NO_PROXY} say. */
final class HubProxies extends ProxySelector {

    private static final List<Proxy> DIRECTLY = List.of(Proxy.NO_PROXY);

    private final Map<String, URI> proxies;
    private final List<String> direct;

    HubProxies(Map<String, URI> proxies, List<String> direct) {
        this.proxies = Map.copyOf(proxies);
        this.direct = List.copyOf(direct);
    }

    @Override
    public List<Proxy> select(URI address) {
        URI proxy = proxies.get(address.getScheme().toLowerCase(Locale.ROOT));
        if (proxy == null || isDirect(address)) {
            return DIRECTLY;
        }
        int port = proxy.getPort() >= 0 ? proxy.getPort() : 80;
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port)));
    }

    /** An entry of {@code NO_PROXY} stands for a host and all hosts below it, may name a port, and {@code *} stands for everything. */
    private boolean isDirect(URI address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        String withPort = host + ":" + address.getPort();
        return direct.stream()
                .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                .anyMatch(entry -> {
                    String name = entry.startsWith(".") ? entry.substring(1) : entry;
                    return !name.isEmpty()
                            && (name.equals("*")
                                    || host.equals(name)
                                    || host.endsWith("." + name)
                                    || withPort.equals(name)
                                    || withPort.endsWith("." + name));
                });
    }

    /** Nothing to do: the request that met the failure reports it. */
    @Override
    public void connectFailed(URI address, SocketAddress proxy, IOException failure) {}
}
