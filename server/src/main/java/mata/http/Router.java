package mata.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.jetty.http.pathmap.MatchedResource;
import org.eclipse.jetty.http.pathmap.PathMappings;
import org.eclipse.jetty.http.pathmap.UriTemplatePathSpec;
import org.eclipse.jetty.util.URIUtil;

/** A listener's table of paths. Filled once, then only read. */
final class Router {

    private final PathMappings<Route> routes = new PathMappings<>();
    private final Map<String, Route> byTemplate = new HashMap<>();

    Router get(String template, Handler handler) {
        return add("GET", template, handler);
    }

    Router post(String template, Handler handler) {
        return add("POST", template, handler);
    }

    Router delete(String template, Handler handler) {
        return add("DELETE", template, handler);
    }

    /** @param template a path with <code>{name}</code> for any one segment; an exact path wins over a template */
    private Router add(String method, String template, Handler handler) {
        Route route = byTemplate.computeIfAbsent(template, _ -> {
            var added = new Route(new UriTemplatePathSpec(template), new LinkedHashMap<>());
            routes.put(added.template(), added);
            return added;
        });
        if (route.handlers().put(method, handler) != null) {
            throw new IllegalArgumentException("two handlers for " + method + " " + template);
        }
        return this;
    }

    /** @param path the request's path with its percent signs, dot segments resolved */
    Optional<Match> match(String path) {
        MatchedResource<Route> found = routes.getMatched(path);
        return found == null ? Optional.empty() : Optional.of(new Match(found.getResource(), path));
    }

    /** Every route as {@code GET /path}, sorted. */
    List<String> listing() {
        return byTemplate.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().handlers().keySet().stream().map(method -> method + " " + entry.getKey()))
                .sorted()
                .toList();
    }

    private record Route(UriTemplatePathSpec template, Map<String, Handler> handlers) {}

    /** A route with the parts of the path that stand for its names. */
    static final class Match {

        private final Route route;
        private final String path;

        private Match(Route route, String path) {
            this.route = route;
            this.path = path;
        }

        /** HEAD is answered as GET is; the server leaves the body out. */
        Optional<Handler> handler(String method) {
            return Optional.ofNullable(route.handlers().get("HEAD".equals(method) ? "GET" : method));
        }

        /** The {@code Allow} header. */
        String allowed() {
            var methods = new TreeSet<>(route.handlers().keySet());
            if (methods.contains("GET")) {
                methods.add("HEAD");
            }
            methods.add("OPTIONS");
            return String.join(", ", methods);
        }

        Map<String, String> parts() {
            Map<String, String> parts = new HashMap<>();
            route.template().getPathParams(path).forEach((name, part) -> parts.put(name, URIUtil.decodePath(part)));
            return parts;
        }
    }
}
