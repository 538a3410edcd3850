package mata.vision;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import mata.problem.Rejected;

/**
 * Values that cost much to make, kept as long as they fit: the least recently used ones go first. Who asks for a value that
 * is being made waits for it, so none is made twice at a time. Safe to share between threads.
 */
final class Bounded<K, V> {

    private final long mostBytes;
    private final ToLongFunction<V> bytes;
    private final Map<K, CompletableFuture<V>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long keptBytes;

    /** @param bytes what a value takes; one that takes more than {@code mostBytes} is not kept at all */
    Bounded(long mostBytes, ToLongFunction<V> bytes) {
        this.mostBytes = mostBytes;
        this.bytes = bytes;
    }

    /** @throws Rejected what {@code maker} throws, to all who wait for it; nothing is kept then */
    V get(K key, Supplier<V> maker) {
        var mine = new CompletableFuture<V>();
        CompletableFuture<V> there;
        synchronized (kept) {
            there = kept.putIfAbsent(key, mine);
        }
        return there == null ? make(key, mine, maker) : await(there);
    }

    private V make(K key, CompletableFuture<V> mine, Supplier<V> maker) {
        try {
            V value = maker.get();
            mine.complete(value);
            keep(key, bytes.applyAsLong(value));
            return value;
        } catch (RuntimeException | Error e) {
            synchronized (kept) {
                kept.remove(key);
            }
            mine.completeExceptionally(e);
            throw e;
        }
    }

    private void keep(K key, long more) {
        synchronized (kept) {
            if (more > mostBytes) {
                kept.remove(key);
                return;
            }
            keptBytes += more;
            Iterator<CompletableFuture<V>> eldest = kept.values().iterator();
            while (keptBytes > mostBytes && eldest.hasNext()) {
                CompletableFuture<V> next = eldest.next();
                if (next.isDone()) {
                    keptBytes -= bytes.applyAsLong(next.join());
                    eldest.remove();
                }
            }
        }
    }

    private static <V> V await(CompletableFuture<V> there) {
        try {
            return there.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Rejected rejected) {
                throw rejected;
            }
            throw e;
        }
    }
}
