package mata.reader;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import mata.image.Frame;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import mata.reader.wire.Job;
import mata.reader.wire.Load;
import mata.reader.wire.Loaded;
import mata.result.Answer;
import mata.result.Timings;
import mata.time.Time;
import mata.vision.Outcome;
import mata.vision.Pipeline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a reader that load, decode, run, and give the signs of life (readers-status H1 to H4, H9). There is one more
 * of them than runs may be under way, so that the next picture is decoded meanwhile; a picture is decoded and run on one
 * thread where nothing else waits. {@link #take}, {@link #cancel} and {@link #drain} are the listening thread's.
 */
final class Workers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private static final Duration FAREWELL = Duration.ofSeconds(2);

    /** Memory is looked up no more often than this. */
    private static final Duration MEMORY_FRESH = Duration.ofSeconds(1);

    /** The number under which loading is promised; tickets count from 1. */
    private static final long LOADING = 0;

    private final String reader;
    private final Load load;
    private final Channel<Command, Event> server;
    private final ReaderLoop.Parts parts;
    private final Time time;
    private final int concurrency;

    /** Held while a promise is composed and sent, so that the newest promise is also the last one sent. */
    private final Object voice = new Object();

    private long residentBytes; // guarded by voice
    private Duration residentStale = Duration.ZERO; // guarded by voice

    /** Guards all that follows. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final Promises promises;
    private final Worklist list;
    private final List<Thread> threads = new ArrayList<>();
    private Optional<Pipeline> loaded = Optional.empty();
    private boolean draining;
    private boolean ended;

    Workers(String reader, Load load, Channel<Command, Event> server, ReaderLoop.Parts parts) {
        this.reader = reader;
        this.load = load;
        this.server = server;
        this.parts = parts;
        this.time = parts.time();
        this.concurrency = Math.max(1, load.getConcurrency());
        this.promises = new Promises(Duration.ofSeconds(load.getHeartbeatWaitS()));
        this.list =
                new Worklist(concurrency, Math.max(1, load.getMaxBatch()), Duration.ofMillis(load.getBatchDelayMs()));
    }

    /** Begins to load; the rest follows from that. */
    void start() {
        start(() -> load().ifPresent(this::work));
    }

    private void start(Runnable work) {
        lock.lock();
        try {
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("reader-" + reader + "-" + threads.size())
                    .start(work));
        } finally {
            lock.unlock();
        }
    }

    // ---- on the listening thread

    void take(Job job) {
        lock.lock();
        try {
            list.add(job, time.elapsed().plusMillis(job.getBudgetMs()));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void cancel(long ticket) throws IOException {
        boolean dropped;
        lock.lock();
        try {
            dropped = list.cancel(ticket);
        } finally {
            lock.unlock();
        }
        if (dropped) {
            answer(List.of(Wire.failure(ticket, new Problem.Cancelled("cancelled before it began"))));
        }
    }

    void drain() {
        lock.lock();
        try {
            draining = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits a moment for the workers to leave, then closes the model; not while one of them is stuck in it. */
    @Override
    public void close() {
        List<Thread> leaving;
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
            leaving = List.copyOf(threads);
        } finally {
            lock.unlock();
        }
        if (haveLeft(leaving)) {
            loaded.ifPresent(Pipeline::close);
        }
    }

    private boolean haveLeft(List<Thread> leaving) {
        Duration latest = time.elapsed().plus(FAREWELL);
        try {
            for (Thread thread : leaving) {
                if (!thread.join(latest.minus(time.elapsed()))) {
                    LOG.warn("{} is still in a call and is left behind", thread.getName());
                    return false;
                }
            }
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    // ---- loading

    private Optional<Pipeline> load() {
        Duration begun = time.elapsed();
        try {
            begin(LOADING, begun.plusSeconds(load.getLoadBudgetS()));
            OpenModel opened = parts.loader().open(load);
            keep(opened.pipeline());
            say(List.of(), 0);
            opened.pipeline().warmUp();
            join(opened.pipeline());
            say(List.of(loaded(opened, begun)), list.capacity());
            return Optional.of(opened.pipeline());
        } catch (IOException e) {
            LOG.debug("the server went away while loading", e);
        } catch (Rejected e) {
            LOG.error("cannot load {}: {}", load.getModel(), e.getMessage());
            giveUp(e.problem());
        } catch (Throwable e) {
            LOG.error("cannot load {}", load.getModel(), e);
            giveUp(problem(e));
        }
        return Optional.empty();
    }

    private void keep(Pipeline pipeline) {
        lock.lock();
        try {
            loaded = Optional.of(pipeline);
            list.limitBatch(pipeline.maxBatch());
        } finally {
            lock.unlock();
        }
    }

    /** The other workers come to help. */
    private void join(Pipeline pipeline) {
        lock.lock();
        try {
            promises.end(LOADING);
        } finally {
            lock.unlock();
        }
        for (int i = 0; i < concurrency; i++) {
            start(() -> work(pipeline));
        }
    }

    private Event loaded(OpenModel opened, Duration begun) {
        return Event.newBuilder()
                .setLoaded(Loaded.newBuilder()
                        .setDevice(opened.device())
                        .setFamily(opened.family())
                        .setResidentBytes(parts.residentBytes().getAsLong())
                        .setLoadMs(time.elapsed().minus(begun).toMillis()))
                .build();
    }

    // ---- working

    private void work(Pipeline pipeline) {
        try {
            for (Optional<Worklist.Step> step = next(); step.isPresent(); step = next()) {
                switch (step.get()) {
                    case Worklist.Step.Decode(var job) -> decode(job);
                    case Worklist.Step.Run(var batch) -> run(pipeline, batch);
                }
            }
        } catch (IOException e) {
            LOG.debug("the server is gone", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) {
            LOG.error("reader {} cannot go on", reader, e);
            giveUp(new Problem.ReaderLost(said(e)));
        }
        // Every way out ends the conversation: a reader that lacks a worker is none.
        server.close();
    }

    /** Waits for something to do, giving signs of life meanwhile; empty when there never will be anything. */
    private Optional<Worklist.Step> next() throws IOException, InterruptedException {
        while (true) {
            lock.lock();
            try {
                for (Duration now = time.elapsed(); now.compareTo(promises.nextBeat()) < 0; now = time.elapsed()) {
                    Optional<Worklist.Step> step = isOver() ? Optional.empty() : list.next(now);
                    if (list.hasNext(now)) {
                        changed.signal();
                    }
                    if (step.isPresent() || isOver()) {
                        return step;
                    }
                    changed.await(untilSomethingIsDue().minus(now).toNanos(), TimeUnit.NANOSECONDS);
                }
            } finally {
                lock.unlock();
            }
            say(List.of(), 0);
        }
    }

    private Duration untilSomethingIsDue() {
        return list.companyUntil()
                .filter(moment -> moment.compareTo(promises.nextBeat()) < 0)
                .orElse(promises.nextBeat());
    }

    private boolean isOver() {
        return ended || (draining && list.isEmpty());
    }

    private void decode(Worklist.Waiting waiting) throws IOException {
        Job job = waiting.job();
        Duration begun = time.elapsed();
        if (begun.compareTo(waiting.deadline()) > 0) {
            undecoded(job, new Problem.Cancelled("its time was over before it began"));
            return;
        }
        begin(job.getTicket(), waiting.deadline());
        try {
            Params params = Wire.params(job);
            Frame frame = parts.decoder().decode(Wire.bytes(job.getPicture()), load.getMaxImagePixels());
            String wish = job.getTask() + job.getParams();
            Duration decoded = time.elapsed();
            double decodeMs = decoded.minus(begun).toNanos() / 1e6;
            var ready = new Worklist.Ready(waiting.number(), job.getTicket(), wish, params, frame, decodeMs, decoded);
            if (!isStillWanted(ready)) {
                answer(List.of(Wire.failure(job.getTicket(), new Problem.Cancelled("cancelled before it began"))));
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            undecoded(job, problem(e));
        }
    }

    private boolean isStillWanted(Worklist.Ready ready) {
        lock.lock();
        try {
            return list.decoded(ready);
        } finally {
            lock.unlock();
        }
    }

    private void undecoded(Job job, Problem why) throws IOException {
        lock.lock();
        try {
            list.notDecoded(job.getTicket());
        } finally {
            lock.unlock();
        }
        answer(List.of(Wire.failure(job.getTicket(), why)));
    }

    private void run(Pipeline pipeline, List<Worklist.Ready> batch) throws IOException {
        List<Outcome> outcomes = infer(pipeline, batch);
        List<Event> answers = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            answers.add(event(batch.get(i), outcomes.get(i)));
        }
        lock.lock();
        try {
            list.ran();
            if (list.hasNext(time.elapsed())) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        answer(answers);
    }

    /** A batch that fails as a whole is run again one by one: nobody fails for the company he was in. */
    private static List<Outcome> infer(Pipeline pipeline, List<Worklist.Ready> batch) {
        try {
            return batch.size() == 1
                    ? List.of(pipeline.infer(
                            batch.getFirst().frame(), batch.getFirst().params()))
                    : pipeline.inferAll(
                            batch.stream().map(Worklist.Ready::frame).toList(),
                            batch.stream().map(Worklist.Ready::params).toList());
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            if (batch.size() == 1) {
                return List.of(new Outcome.Failed(problem(e)));
            }
            LOG.warn("a batch of {} failed, its parts run alone", batch.size(), e);
            return batch.stream()
                    .flatMap(job -> infer(pipeline, List.of(job)).stream())
                    .toList();
        }
    }

    private static Event event(Worklist.Ready job, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(var problem) -> Wire.failure(job.ticket(), problem);
            case Outcome.Done(var result, var preMs, var runMs, var postMs, var warnings) ->
                Wire.result(
                        job.ticket(),
                        new Answer(
                                result,
                                job.frame().width(),
                                job.frame().height(),
                                new Timings(0, 0, job.decodeMs(), preMs, runMs, postMs),
                                warnings));
        };
    }

    // ---- speaking

    /** A call begins: makes sure that the promise in force covers it. */
    private void begin(long call, Duration deadline) throws IOException {
        lock.lock();
        try {
            promises.begin(call, deadline, time.elapsed());
            if (promises.areKept()) {
                return;
            }
        } finally {
            lock.unlock();
        }
        say(List.of(), 0);
    }

    /** Jobs are done: their calls are over, and there is room again. They stop being in hand only when the last word is out. */
    private void answer(List<Event> answers) throws IOException {
        lock.lock();
        try {
            for (Event answer : answers) {
                promises.end(
                        answer.hasResult()
                                ? answer.getResult().getTicket()
                                : answer.getFailure().getTicket());
            }
        } finally {
            lock.unlock();
        }
        say(answers, answers.size());
        lock.lock();
        try {
            list.answered(answers.size());
            if (draining) {
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Sends a promise, these events, and a claim for so much room, in one go. */
    private void say(List<Event> events, int room) throws IOException {
        synchronized (voice) {
            List<Event> all = new ArrayList<>(events.size() + 2);
            beat().ifPresent(seconds -> all.add(Wire.heartbeat(seconds, residentBytes())));
            all.addAll(events);
            if (room > 0) {
                all.add(Wire.claim(room));
            }
            if (!all.isEmpty()) {
                server.send(all);
            }
        }
    }

    private long residentBytes() {
        Duration now = time.elapsed();
        if (now.compareTo(residentStale) >= 0) {
            residentStale = now.plus(MEMORY_FRESH);
            residentBytes = parts.residentBytes().getAsLong();
        }
        return residentBytes;
    }

    private OptionalInt beat() {
        lock.lock();
        try {
            return promises.beat(time.elapsed());
        } finally {
            lock.unlock();
        }
    }

    /** The last word of a reader that cannot go on. */
    private void giveUp(Problem why) {
        try {
            server.send(Wire.failure(0, why));
        } catch (IOException e) {
            LOG.debug("nobody hears that this reader gives up", e);
        }
        server.close();
    }

    private static Problem problem(Throwable e) {
        return switch (e) {
            case Rejected rejected -> rejected.problem();
            case OutOfMemoryError _ -> new Problem.OutOfMemory("the reader has no memory left: " + said(e));
            default -> {
                LOG.error("unexpected", e);
                yield new Problem.Broken(said(e));
            }
        };
    }

    private static String said(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
