package mata.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** The hash that a blob is named after: sha256 of the content for large files, git's blob hash (sha1 behind a header) for small ones. */
final class Checksum {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final int PIECE = 1 << 18;

    private final MessageDigest digest;
    private final String expected;

    private Checksum(MessageDigest digest, String expected) {
        this.digest = digest;
        this.expected = expected;
    }

    /** @return empty for an ETag that is no hash, as some mirrors give */
    static Optional<Checksum> of(String etag, long size) {
        if (SHA256.matcher(etag).matches()) {
            return Optional.of(new Checksum(digest("SHA-256"), etag));
        }
        if (SHA1.matcher(etag).matches()) {
            MessageDigest git = digest("SHA-1");
            git.update(("blob " + size + "\0").getBytes(StandardCharsets.UTF_8));
            return Optional.of(new Checksum(git, etag));
        }
        return Optional.empty();
    }

    /** Sha256 of everything that is still to read, as hex digits. */
    static String sha256(InputStream in) throws IOException {
        MessageDigest digest = digest("SHA-256");
        byte[] piece = new byte[PIECE];
        for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
            digest.update(piece, 0, length);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads a part file to its end, right behind the bytes as they come in. @return whether they are the right ones */
    boolean follow(PartFile part, long size) throws IOException, InterruptedException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE);
        byte[] piece = new byte[PIECE];
        for (long at = 0; at < size; ) {
            long end = part.awaitPrefixBeyond(at);
            while (at < end) {
                buffer.clear().limit((int) Math.min(PIECE, end - at));
                int length = part.read(buffer, at);
                buffer.flip().get(piece, 0, length);
                digest.update(piece, 0, length);
                at += length;
            }
        }
        return HexFormat.of().formatHex(digest.digest()).equals(expected);
    }
}
