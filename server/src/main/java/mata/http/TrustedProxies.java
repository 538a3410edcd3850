package mata.http;

import java.net.InetSocketAddress;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ForwardedRequestCustomizer;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.InetAddressSet;

/** Believes what a request says about where it came from, but only if a proxy of ours says it. */
final class TrustedProxies implements HttpConfiguration.Customizer {

    private final InetAddressSet proxies = new InetAddressSet();
    private final ForwardedRequestCustomizer forwarded = new ForwardedRequestCustomizer();

    /** @param addresses single addresses, ranges ({@code 10.0.0.1-10.0.0.9}), or CIDR blocks */
    TrustedProxies(List<String> addresses) {
        proxies.addAll(addresses);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        boolean trusted = request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress from
                && proxies.test(from.getAddress());
        return trusted ? forwarded.customize(request, responseHeaders) : request;
    }
}
