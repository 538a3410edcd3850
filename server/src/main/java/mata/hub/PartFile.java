package mata.hub;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A blob on its way in. Its ranges arrive in any order into one file of the full size; a second file, mapped into memory, says how
 * far each has come. A killed process leaves both as they were at that moment, so the next pull fetches only what is missing. After
 * a power failure the second file may promise too much; the hash tells, and everything is fetched again.
 *
 * <p>The names are ours: the Python tools append to {@code <etag>.incomplete} (older ones) or use a name per process (newer ones)
 * and would take our sparse file for a prefix. They still end in {@code .incomplete}, so {@code hf cache prune} finds them.
 *
 * <p>One thread writes a range; any thread may ask how far things are. One part file is open once at a time: the pull's lock sees
 * to that.
 */
final class PartFile implements AutoCloseable {

    private static final long MARK = 0x6d61746170617274L;
    private static final int HEADER_LONGS = 3;

    private final Path data;
    private final Path ranges;
    private final long size;
    private final long rangeLength;
    private final int count;
    private final FileChannel channel;
    private final Arena arena = Arena.ofShared();
    private final AtomicLongArray received;
    private final MemorySegment noted;
    private boolean closed;

    private PartFile(Path data, Path ranges, long size, long rangeLength) throws IOException {
        this.data = data;
        this.ranges = ranges;
        this.size = size;
        this.rangeLength = rangeLength;
        this.count = Math.toIntExact(Math.max(1, Math.ceilDiv(size, rangeLength)));
        this.channel =
                FileChannel.open(data, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        this.noted = map();
        if (!isOurs()) {
            startAfresh();
        }
        this.received = new AtomicLongArray(
                LongStream.range(0, count).map(i -> get(HEADER_LONGS + (int) i)).toArray());
    }

    private MemorySegment map() throws IOException {
        long length = Long.BYTES * (long) (HEADER_LONGS + count);
        try (FileChannel channel = FileChannel.open(
                ranges, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() < length) {
                // Really written: a full disk must fail here, and not later as a fault of mapped memory.
                channel.write(ByteBuffer.allocate(Math.toIntExact(length)), 0);
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, length, arena);
        }
    }

    /**
     * Opens what an earlier try left, or a new one.
     *
     * @param blob where the file will be once complete
     * @param rangeLength bytes that one request brings
     */
    static PartFile open(Path blob, long size, long rangeLength) throws IOException {
        return new PartFile(dataOf(blob), rangesOf(blob), size, rangeLength);
    }

    private static Path dataOf(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".mataserver.incomplete");
    }

    private static Path rangesOf(Path blob) {
        return blob.resolveSibling(blob.getFileName() + ".mataserver.ranges.incomplete");
    }

    /** How many bytes of a blob an earlier try has left. */
    static long left(Path blob, long size, long rangeLength) {
        if (!Files.exists(dataOf(blob))) {
            return 0;
        }
        try (PartFile part = open(blob, size, rangeLength)) {
            return part.received();
        } catch (IOException unreadable) {
            return 0;
        }
    }

    private boolean isOurs() throws IOException {
        return get(0) == MARK
                && get(1) == size
                && get(2) == rangeLength
                && channel.size() == size
                && IntStream.range(0, count)
                        .allMatch(i -> get(HEADER_LONGS + i) >= 0 && get(HEADER_LONGS + i) <= length(i));
    }

    private void startAfresh() throws IOException {
        noted.fill((byte) 0);
        channel.truncate(0);
        if (size > 0) {
            channel.write(ByteBuffer.allocate(1), size - 1);
        }
        set(2, rangeLength);
        set(1, size);
        set(0, MARK);
    }

    int count() {
        return count;
    }

    long start(int range) {
        return range * rangeLength;
    }

    long end(int range) {
        return Math.min(size, start(range) + rangeLength);
    }

    private long length(int range) {
        return end(range) - start(range);
    }

    /** Bytes of one range that are here. */
    long got(int range) {
        return received.get(range);
    }

    boolean isComplete(int range) {
        return got(range) == length(range);
    }

    /** Bytes of all ranges that are here. */
    long received() {
        return IntStream.range(0, count).mapToLong(this::got).sum();
    }

    /**
     * Appends to a range, and wakes who follows the file.
     *
     * @throws LocalFault where the disk does not take it
     */
    void write(int range, List<ByteBuffer> bytes) throws IOException {
        long at = start(range) + got(range);
        for (ByteBuffer buffer : bytes) {
            if (at + buffer.remaining() > end(range)) {
                throw new IOException("the server sends more than was asked for");
            }
            at += writeAll(buffer, at);
        }
        advance(range, at - start(range));
    }

    private long writeAll(ByteBuffer buffer, long at) throws LocalFault {
        int length = buffer.remaining();
        try {
            for (long to = at; buffer.hasRemaining(); ) {
                to += channel.write(buffer, to);
            }
        } catch (IOException e) {
            throw new LocalFault(e);
        }
        return length;
    }

    private synchronized void advance(int range, long bytes) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        received.set(range, bytes);
        set(HEADER_LONGS + range, bytes);
        notifyAll();
    }

    /** Forgets what came of a range. */
    void restart(int range) throws IOException {
        advance(range, 0);
    }

    /** Waits until there are bytes behind {@code from} without a gap. @return where they end */
    synchronized long awaitPrefixBeyond(long from) throws InterruptedException {
        while (!closed) {
            int range = (int) Math.min(from / rangeLength, count - 1);
            long end = start(range) + got(range);
            while (end == end(range) && range + 1 < count) {
                range++;
                end = start(range) + got(range);
            }
            if (end > from || end == size) {
                return end;
            }
            wait();
        }
        throw new InterruptedException("the part file was closed");
    }

    int read(ByteBuffer into, long at) throws IOException {
        return channel.read(into, at);
    }

    /** Moves the complete file to its place in one step; what was noted about its ranges goes. */
    void moveTo(Path blob) throws IOException {
        channel.force(false);
        close();
        Files.move(data, blob, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(ranges);
    }

    /** Throws everything away. */
    void discard() throws IOException {
        close();
        Files.deleteIfExists(data);
        Files.deleteIfExists(ranges);
    }

    private long get(int index) {
        return noted.getAtIndex(ValueLayout.JAVA_LONG, index);
    }

    private void set(int index, long value) {
        noted.setAtIndex(ValueLayout.JAVA_LONG, index, value);
    }

    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            closed = true;
            notifyAll();
            channel.close();
            arena.close();
        }
    }
}
