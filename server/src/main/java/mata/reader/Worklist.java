package mata.reader;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import mata.image.Frame;
import mata.params.Params;
import mata.reader.wire.Job;

/**
 * The jobs a reader has in hand, and what to do next: run what is decoded where a run is free, else decode ahead. Jobs run
 * together only where they wait anyway, stand next to each other and ask for the same; nothing waits for company, unless a
 * delay is given for that. Not safe for threads: the workers guard it.
 */
final class Worklist {

    /** Decoded pictures waiting for a run may fill so much memory, or be one. */
    private static final long AHEAD_BYTES = 64L << 20;

    /** @param deadline after this nobody wants the answer any more */
    record Waiting(long number, Job job, Duration deadline) {
        long ticket() {
            return job.getTicket();
        }
    }

    /**
     * @param wish what a job asks for, word for word: equal wishes may share a run
     * @param since when it was decoded
     */
    record Ready(long number, long ticket, String wish, Params params, Frame frame, double decodeMs, Duration since) {}

    sealed interface Step {
        record Decode(Waiting job) implements Step {}

        record Run(List<Ready> batch) implements Step {}
    }

    private final int concurrency;
    private final Duration batchDelay;
    private int maxBatch;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final TreeMap<Long, Ready> ready = new TreeMap<>();

    /** Tickets of pictures that are being decoded, and whether anybody still wants them. */
    private final Map<Long, Boolean> decoding = new HashMap<>();

    private long readyBytes;
    private long arrived;
    private int running;
    private int inHand;

    /** @param batchDelay how long a job may wait for others to share its run */
    Worklist(int concurrency, int maxBatch, Duration batchDelay) {
        this.concurrency = concurrency;
        this.maxBatch = maxBatch;
        this.batchDelay = batchDelay;
    }

    /** No run takes more than this. */
    void limitBatch(int most) {
        maxBatch = Math.clamp(most, 1, maxBatch);
    }

    /** How many jobs keep every run full and the next ones decoded. */
    int capacity() {
        return concurrency * (maxBatch + 1);
    }

    void add(Job job, Duration deadline) {
        waiting.add(new Waiting(arrived++, job, deadline));
        inHand++;
    }

    /**
     * @return whether the job was taken out; it is in hand until {@link #answered}. A job whose picture is being decoded is
     *     taken out when that is done.
     */
    boolean cancel(long ticket) {
        if (waiting.removeIf(job -> job.ticket() == ticket)) {
            return true;
        }
        decoding.computeIfPresent(ticket, (_, _) -> false);
        for (Iterator<Ready> each = ready.values().iterator(); each.hasNext(); ) {
            Ready job = each.next();
            if (job.ticket() == ticket) {
                each.remove();
                readyBytes -= job.frame().rgb().length;
                return true;
            }
        }
        return false;
    }

    boolean hasNext(Duration now) {
        return canRun(now) || canDecode();
    }

    Optional<Step> next(Duration now) {
        if (canRun(now)) {
            running++;
            return Optional.of(new Step.Run(takeBatch()));
        }
        if (!canDecode()) {
            return Optional.empty();
        }
        decoding.put(waiting.element().ticket(), true);
        return Optional.of(new Step.Decode(waiting.remove()));
    }

    /** When the oldest job has waited long enough for company, if that is what it is doing. */
    Optional<Duration> companyUntil() {
        return running < concurrency && !ready.isEmpty() ? Optional.of(patience()) : Optional.empty();
    }

    private boolean canRun(Duration now) {
        return running < concurrency
                && !ready.isEmpty()
                && (ready.size() >= maxBatch || patience().compareTo(now) <= 0);
    }

    private Duration patience() {
        return ready.firstEntry().getValue().since().plus(batchDelay);
    }

    private boolean canDecode() {
        return !waiting.isEmpty() && readyBytes < AHEAD_BYTES;
    }

    /** The oldest, with those behind it that ask for the same; free runs share what waits. */
    private List<Ready> takeBatch() {
        int most = batchDelay.isZero() ? Math.min(maxBatch, Math.ceilDiv(ready.size(), concurrency)) : maxBatch;
        String wish = ready.firstEntry().getValue().wish();
        List<Ready> batch = new ArrayList<>(most);
        while (batch.size() < most
                && !ready.isEmpty()
                && ready.firstEntry().getValue().wish().equals(wish)) {
            Ready job = ready.pollFirstEntry().getValue();
            readyBytes -= job.frame().rgb().length;
            batch.add(job);
        }
        return batch;
    }

    /** @return whether it will run; false when it was cancelled meanwhile, and is to be answered so */
    boolean decoded(Ready job) {
        boolean wanted = !Boolean.FALSE.equals(decoding.remove(job.ticket()));
        if (wanted) {
            ready.put(job.number(), job);
            readyBytes += job.frame().rgb().length;
        }
        return wanted;
    }

    /** There will be no picture: the job is answered otherwise. */
    void notDecoded(long ticket) {
        decoding.remove(ticket);
    }

    void ran() {
        running--;
    }

    void answered(int jobs) {
        inHand -= jobs;
    }

    boolean isEmpty() {
        return inHand == 0;
    }
}
