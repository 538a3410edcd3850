package mata.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * Admits a caller or rejects it. Only digests of the keys are kept; every comparison takes the same time whatever was sent.
 *
 * <p>No credentials at all, or a header that is not {@code Bearer <key>}, is {@code Unauthenticated}: nothing that could be
 * judged was offered. A key that is not one of ours is {@code Forbidden}.
 */
public final class Gate {

    private static final String SCHEME = "Bearer ";

    private final boolean open;
    private final List<byte[]> digests;

    private Gate(boolean open, List<byte[]> digests) {
        this.open = open;
        this.digests = digests;
    }

    /** Everybody may come in ({@code AUTH_MODE=none}). */
    public static Gate open() {
        return new Gate(true, List.of());
    }

    /** Whoever shows one of these keys may come in. */
    public static Gate forKeys(Collection<String> keys) {
        if (keys.isEmpty() || keys.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a gate needs at least one key, and no blank one");
        }
        return new Gate(false, keys.stream().map(Gate::digest).toList());
    }

    /**
     * @param authorization the request's {@code Authorization} header
     * @throws Rejected Unauthenticated or Forbidden
     */
    public void admit(Optional<String> authorization) {
        if (open) {
            return;
        }
        String header = authorization.orElseThrow(
                () -> new Rejected(new Problem.Unauthenticated("Missing Authorization header")));
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || header.length() == SCHEME.length()) {
            throw new Rejected(new Problem.Unauthenticated("Authorization header must read: Bearer <api_key>"));
        }
        if (!knows(header.substring(SCHEME.length()).strip())) {
            throw new Rejected(new Problem.Forbidden("Invalid API key"));
        }
    }

    /** Whether this key opens the gate, for callers who cannot send a header (sockets opened by a browser). */
    public boolean accepts(String key) {
        return open || knows(key);
    }

    private boolean knows(String key) {
        byte[] offered = digest(key);
        boolean known = false;
        for (byte[] digest : digests) {
            known |= MessageDigest.isEqual(digest, offered);
        }
        return known;
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
