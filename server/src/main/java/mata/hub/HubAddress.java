package mata.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mata.problem.Rejected;
import mata.task.ModelRef;

/**
 * A repository as a caller names it: {@code org/name}, or the address of its page on the hub, which may name a revision
 * ({@code https://huggingface.co/org/name/tree/v1.0}).
 */
record HubAddress(ModelRef model, Optional<String> revision) {

    /** A page of the public hub names a repository also where a mirror is set. */
    private static final Set<String> PUBLIC = Set.of("huggingface.co", "hf.co");

    private static final Set<String> NAMES_A_REVISION = Set.of("tree", "blob", "resolve", "commit");

    static boolean isWebAddress(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("https://") || lower.startsWith("http://");
    }

    /** @throws Rejected Invalid: neither a name nor the address of a model */
    static HubAddress of(String text, URI endpoint) {
        if (!isWebAddress(text)) {
            return new HubAddress(named(text, text), Optional.empty());
        }
        URI address = parsed(text);
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        boolean ours = host.equalsIgnoreCase(endpoint.getHost()) && address.getPort() == endpoint.getPort();
        if (!ours && !PUBLIC.contains(host)) {
            throw unusable(
                    "'" + text + "' is not on the hub at " + endpoint + "; set HF_ENDPOINT to pull from another");
        }
        List<String> parts =
                List.of(address.getRawPath().replaceFirst("^/+", "").split("/"));
        if (parts.getFirst().equals("datasets") || parts.getFirst().equals("spaces")) {
            throw unusable("'" + text + "' is no model but one of the hub's " + parts.getFirst());
        }
        if (parts.size() < 2) {
            throw unusable("'" + text + "' does not name a model (" + endpoint + "/org/name)");
        }
        Optional<String> revision = parts.size() >= 4 && NAMES_A_REVISION.contains(parts.get(2))
                ? Optional.of(URLDecoder.decode(parts.get(3), StandardCharsets.UTF_8))
                : Optional.empty();
        return new HubAddress(named(parts.get(0) + "/" + parts.get(1), text), revision);
    }

    private static URI parsed(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw unusable("'" + text + "' is no web address: " + e.getReason());
        }
    }

    private static ModelRef named(String id, String text) {
        return ModelRef.of(id)
                .filter(model -> id.contains("/"))
                .orElseThrow(() ->
                        unusable("'" + text + "' is no model: expected org/name, the address of its page, a folder"
                                + " (./folder), or an OCR backend"));
    }

    private static Rejected unusable(String message) {
        return Rejected.invalid("model", "value_error", message);
    }
}
