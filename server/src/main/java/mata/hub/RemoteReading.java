package mata.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A file of the hub as a stream: fetched piece by piece as it is read, and what is skipped is never fetched. Gives up where so
 * many pieces are needed that the whole file would be quicker.
 */
final class RemoteReading extends InputStream {

    /** Bytes of one request. */
    static final int PIECE = 64 << 10;

    private static final int MOST_PIECES = 400;

    private final HubClient client;
    private final HubFaults faults;
    private final RemoteBlob blob;
    private final byte[] piece = new byte[PIECE];
    private long pieceStart;
    private int pieceLength;
    private long at;
    private int pieces;

    RemoteReading(HubClient client, HubFaults faults, RepoListing listing, RepoFile file) throws InterruptedException {
        this.client = client;
        this.faults = faults;
        this.blob = client.locate(listing, file);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (at >= blob.size()) {
            return -1;
        }
        if (at < pieceStart || at >= pieceStart + pieceLength) {
            fetch();
        }
        int offset = (int) (at - pieceStart);
        int count = Math.min(length, pieceLength - offset);
        System.arraycopy(piece, offset, into, from, count);
        at += count;
        return count;
    }

    @Override
    public long skip(long bytes) {
        long skipped = Math.clamp(bytes, 0, blob.size() - at);
        at += skipped;
        return skipped;
    }

    private void fetch() throws IOException {
        if (++pieces > MOST_PIECES) {
            throw new IOException("it is in too many pieces");
        }
        long end = Math.min(blob.size(), at + PIECE);
        ByteBuffer target = ByteBuffer.wrap(piece);
        try {
            client.receive(faults, blob, at, end, buffers -> buffers.forEach(target::put));
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted");
        }
        pieceStart = at;
        pieceLength = target.position();
        if (pieceLength != end - at) {
            throw new IOException("the server sent " + pieceLength + " of " + (end - at) + " bytes");
        }
    }
}
