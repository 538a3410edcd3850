package mata.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** What a file of {@link LocalHub} holds: few bytes kept, or very many made up as they are read, never all in memory. */
public final class Content {

    private static final int BLOCK = 1 << 20;

    private final byte[] bytes;
    private final long size;
    private final boolean large;
    private final String etag;
    private final String pointerOid;

    private Content(byte[] bytes, long size, boolean large) {
        this.bytes = bytes;
        this.size = size;
        this.large = large;
        this.etag = large ? sha256() : gitOid(bytes);
        this.pointerOid = large ? gitOid(pointer()) : etag;
    }

    /** @param large kept outside of git, named by its sha256, served from the second server */
    public static Content of(byte[] bytes, boolean large) {
        return new Content(bytes.clone(), bytes.length, large);
    }

    /** So many bytes that look random, and differ from one MiB to the next. */
    public static Content random(long size, long seed) {
        byte[] block = new byte[(int) Math.min(size, BLOCK)];
        new Random(seed).nextBytes(block);
        return new Content(block, size, true);
    }

    long size() {
        return size;
    }

    boolean isLarge() {
        return large;
    }

    /** Sha256 of a large one, git's hash of a small one. */
    String etag() {
        return etag;
    }

    String pointerOid() {
        return pointerOid;
    }

    byte[] all() {
        byte[] all = new byte[Math.toIntExact(size)];
        for (int at = 0; at < all.length; ) {
            byte[] rest = new byte[all.length - at];
            int length = read(rest, at, rest.length);
            System.arraycopy(rest, 0, all, at, length);
            at += length;
        }
        return all;
    }

    /** @return how many bytes were put at the front of {@code into} */
    int read(byte[] into, long at, int length) {
        if (size == bytes.length) {
            System.arraycopy(bytes, (int) at, into, 0, length);
            return length;
        }
        long block = at / BLOCK;
        int offset = (int) (at % BLOCK);
        int count = Math.min(length, BLOCK - offset);
        System.arraycopy(bytes, offset, into, 0, count);
        if (offset == 0) {
            into[0] ^= (byte) block;
        }
        return count;
    }

    private String sha256() {
        try {
            return Checksum.sha256(new InputStream() {
                private long at;

                @Override
                public int read() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public int read(byte[] into, int from, int length) {
                    if (at == size) {
                        return -1;
                    }
                    int count = Content.this.read(into, at, (int) Math.min(length, size - at));
                    at += count;
                    return count;
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] pointer() {
        return ("version https://git-lfs.github.com/spec/v1\noid sha256:" + etag + "\nsize " + size + "\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String gitOid(byte[] content) {
        var sha1 = Checksum.digest("SHA-1");
        sha1.update(("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(sha1.digest(Arrays.copyOf(content, content.length)));
    }

    /** As the hub's file list tells of it. */
    Map<String, Object> entry(String path) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("type", "file");
        entry.put("oid", pointerOid);
        entry.put("size", size);
        if (large) {
            entry.put("lfs", Map.of("oid", etag, "size", size, "pointerSize", pointer().length));
        }
        entry.put("path", path);
        return entry;
    }
}
