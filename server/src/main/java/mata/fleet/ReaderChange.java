package mata.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import mata.fleet.Reader.Facts;
import mata.fleet.Reader.Landing;
import mata.fleet.Reader.Work;
import mata.problem.Problem;

/** A step of the table from one state to the next: what changes, and what has to be done about it. Used once, by one thread. */
final class ReaderChange {

    /** A silent reader may still come back for so many of its waits (readers-status 6.3). */
    private static final int PATIENCE = 3;

    private final ReaderTable before;
    private final Moment now;
    private final List<Effect.OfReader> effects = new ArrayList<>();
    private Optional<SortedMap<ReaderId, Reader>> living = Optional.empty();
    private Optional<SortedMap<ReaderId, Reader>> dead = Optional.empty();
    private int lastIncarnation;
    private long ignoredBeats;
    private long forgottenDead;

    ReaderChange(ReaderTable before, Moment now) {
        this.before = before;
        this.now = now;
        this.lastIncarnation = before.lastIncarnation();
        this.ignoredBeats = before.ignoredBeats();
        this.forgottenDead = before.forgottenDead();
    }

    ReaderTable.Step done() {
        forgetOldestDead();
        return new ReaderTable.Step(
                new ReaderTable(
                        before.rules(),
                        living.map(Collections::unmodifiableSortedMap).orElse(before.living()),
                        dead.map(Collections::unmodifiableSortedMap).orElse(before.dead()),
                        lastIncarnation,
                        ignoredBeats,
                        forgottenDead),
                effects);
    }

    // ---- what a reader tells

    /** A fact that changes nothing else. */
    void tell(Incarnation id, Function<Reader, Facts> facts) {
        before.find(id).ifPresent(reader -> put(reader.with(facts.apply(reader))));
    }

    void beat(Incarnation id, Reader.Beat beat, long bytes) {
        Optional<Reader> found = before.find(id).filter(ReaderChange::isHeard);
        if (found.isEmpty()) {
            ignoredBeats++;
            return;
        }
        Reader reader = found.get().with(found.get().facts().withBeat(beat, bytes));
        switch (reader.phase()) {
            case Phase.Loading(var _, var loaded) when loaded -> open(reader);
            case Phase.Dead(var _, var _, var _, Phase.Loading loading)
            when !loading.loaded() -> put(reader.with(loading, now));
            case Phase.Dead _ -> open(reader);
            case Phase.Loading _, Phase.Live _, Phase.Draining _ -> put(reader);
        }
    }

    /** Dead ones are deaf, but for those that only were silent (H7). */
    private static boolean isHeard(Reader reader) {
        return !(reader.phase() instanceof Phase.Dead death) || death.isSilent();
    }

    void loaded(FleetEvent.OfReader.Loaded loaded) {
        before.find(loaded.reader()).ifPresent(found -> {
            Reader reader = found.with(found.facts()
                    .withLanding(new Landing(loaded.device(), loaded.family(), loaded.took()), loaded.residentBytes()));
            switch (reader.phase()) {
                case Phase.Loading _ when reader.facts().beat().isPresent() -> open(reader);
                case Phase.Loading(var until, var _) ->
                    put(reader.with(new Phase.Loading(until, true), reader.since()));
                case Phase.Dead(var reason, var message, var restartAt, Phase.Loading(var until, var _)) ->
                    put(reader.with(
                            new Phase.Dead(reason, message, restartAt, new Phase.Loading(until, true)),
                            reader.since()));
                case Phase.Dead _, Phase.Live _, Phase.Draining _ -> {}
            }
        });
    }

    void claim(Incarnation id, int more) {
        before.find(id).ifPresent(reader -> {
            Work work = reader.facts().work();
            put(reader.with(reader.facts().with(new Work(work.room() + more, work.inHand()))));
            if (reader.isLive()) {
                effects.add(new Effect.OfReader.Room(id, reader.spec(), more));
            }
        });
    }

    void taken(Incarnation id, int jobs) {
        before.find(id).ifPresent(reader -> {
            Work work = reader.facts().work();
            put(reader.with(reader.facts().with(new Work(work.room() - jobs, work.inHand() + jobs))));
        });
    }

    void answered(Incarnation id, boolean good) {
        before.find(id)
                .ifPresent(reader -> put(
                        reader.with(reader.facts().with(reader.facts().work().answered()))
                                .with(reader.counts().withAnswer(good))));
    }

    void fail(Incarnation id, Problem problem) {
        before.find(id).ifPresent(reader -> {
            boolean outOfMemory = problem instanceof Problem.OutOfMemory;
            switch (reader.phase()) {
                case Phase.Loading _ -> die(reader, outOfMemory ? Reason.OUT_OF_MEMORY : Reason.LOAD_FAILED, problem);
                case Phase.Dead death when !death.isSilent() -> {}
                case Phase.Live _, Phase.Dead _ ->
                    die(
                            reader,
                            outOfMemory ? Reason.OUT_OF_MEMORY : Reason.ENGINE_FATAL,
                            new Problem.ReaderLost(names(reader) + " cannot go on: " + problem.detail()));
                case Phase.Draining _ -> {} // its end follows
            }
        });
    }

    void exit(Incarnation id, String how, List<String> logTail) {
        before.find(id).ifPresent(found -> {
            Reader reader = found.with(found.facts().withLogTail(logTail));
            switch (reader.phase()) {
                case Phase.Dead death when !death.isSilent() -> put(reader);
                case Phase.Loading _ -> die(reader, Reason.EXITED, new Problem.Broken(names(reader) + " " + how));
                case Phase.Live _, Phase.Dead _ ->
                    die(reader, Reason.EXITED, new Problem.ReaderLost(names(reader) + " " + how));
                case Phase.Draining _ -> {
                    lose(reader, Reason.EXITED, new Problem.ReaderLost(names(reader) + " " + how), false);
                    remove(reader);
                }
            }
        });
    }

    // ---- what is ordered

    void create(ReaderId id, ReaderSpec spec) {
        if (before.find(id).isPresent()) {
            throw new IllegalStateException("there is a reader " + id);
        }
        start(Reader.start(new Incarnation(id, lastIncarnation + 1), spec, now));
    }

    void delete(ReaderId id) {
        before.find(id).ifPresent(reader -> {
            switch (reader.phase()) {
                case Phase.Loading _ -> {
                    put(reader.with(new Phase.Draining(Optional.empty()), now));
                    end(reader);
                }
                case Phase.Live _ -> {
                    Duration until = now.plus(before.rules().drainTimeout());
                    put(reader.with(new Phase.Draining(Optional.of(until)), now));
                    effects.add(new Effect.OfReader.Closed(reader.incarnation(), reader.spec()));
                    effects.add(new Effect.OfReader.Drain(reader.incarnation(), reader.spec()));
                }
                case Phase.Dead _ -> {
                    end(reader);
                    remove(reader);
                }
                case Phase.Draining _ -> {}
            }
        });
    }

    void kill(ReaderId id) {
        before.find(id).ifPresent(reader -> {
            if (reader.isDraining()) {
                put(reader.with(new Phase.Draining(Optional.empty()), reader.since()));
                end(reader);
            } else {
                die(reader, Reason.KILLED, new Problem.ReaderLost(names(reader) + " was killed by an operator"));
            }
        });
    }

    void restart(ReaderId id) {
        before.find(id).filter(reader -> !reader.isDraining()).ifPresent(reader -> {
            end(reader);
            if (!reader.isDead()) {
                lose(
                        reader,
                        Reason.KILLED,
                        new Problem.ReaderLost(names(reader) + " was restarted by an operator"),
                        true);
            }
            start(reader.with(Deaths.NONE).restart(now));
        });
    }

    // ---- what time does

    void outOfTime(Reader reader) {
        switch (reader.phase()) {
            case Phase.Loading _ ->
                die(
                        reader,
                        Reason.LOAD_TIMEOUT,
                        new Problem.Broken(names(reader) + " did not load within "
                                + reader.spec().loadTimeout().toSeconds() + " s"));
            case Phase.Dead death when death.isSilent() -> giveUp(reader);
            case Phase.Dead _ -> start(reader.restart(now));
            case Phase.Draining _ -> {
                put(reader.with(new Phase.Draining(Optional.empty()), reader.since()));
                end(reader);
            }
            case Phase.Live _ -> {}
        }
    }

    /** It has been silent for too long to come back. */
    private void giveUp(Reader silent) {
        Reader reader = silent.with(silent.deaths().plus(now.elapsed()));
        end(reader);
        if (reader.deaths().isLoop(now.elapsed())) {
            bury(
                    reader,
                    Reason.CRASH_LOOP,
                    new Problem.ReaderLost(names(reader) + " died too often, last of silence"),
                    Optional.empty());
        } else {
            start(reader.restart(now));
        }
    }

    void silent(Reader reader) {
        if (reader.isDraining()) {
            put(reader.with(new Phase.Draining(Optional.empty()), reader.since()));
            end(reader);
            return;
        }
        Duration wait = reader.facts().beat().orElseThrow().promise();
        die(
                reader,
                Reason.SILENT,
                new Problem.ReaderLost(names(reader) + " gave no sign of life for " + wait.toSeconds() + " s"));
    }

    // ---- life and death

    private void start(Reader reader) {
        put(reader);
        effects.add(new Effect.OfReader.Start(reader.incarnation(), reader.spec()));
    }

    private void open(Reader reader) {
        boolean revived = reader.phase() instanceof Phase.Dead(var _, var _, var _, Phase.Live _);
        put(reader.with(new Phase.Live(), now));
        effects.add(new Effect.OfReader.Opened(
                reader.incarnation(), reader.spec(), reader.facts().work().room(), revived));
    }

    private void die(Reader found, Reason cause, Problem problem) {
        boolean wasWell = found.isLive() && now.isAtOrAfter(found.since().plus(Deaths.WINDOW));
        Reader reader = wasWell ? found.with(Deaths.NONE) : found;
        Optional<Duration> restartAt = Optional.empty();
        Reason reason = cause;
        switch (cause) {
            case SILENT ->
                restartAt = Optional.of(
                        now.plus(reader.facts().beat().orElseThrow().promise().multipliedBy(PATIENCE)));
            case EXITED, LOAD_TIMEOUT, ENGINE_FATAL, OUT_OF_MEMORY -> {
                boolean again =
                        cause != Reason.OUT_OF_MEMORY || !reader.deaths().memorySpent();
                reader = reader.with(reader.deaths().plus(now.elapsed()));
                if (cause == Reason.OUT_OF_MEMORY) {
                    reader = reader.with(reader.deaths().spendMemory());
                }
                if (again && reader.deaths().isLoop(now.elapsed())) {
                    reason = Reason.CRASH_LOOP;
                } else if (again) {
                    restartAt = Optional.of(now.plus(reader.deaths().pause()));
                }
            }
            case LOAD_FAILED, KILLED, CRASH_LOOP -> {}
        }
        if (cause != Reason.SILENT && cause != Reason.EXITED) {
            end(reader);
        }
        bury(reader, reason, problem, restartAt);
    }

    private void bury(Reader reader, Reason reason, Problem problem, Optional<Duration> restartAt) {
        Phase before = reader.phase() instanceof Phase.Dead death ? death.before() : reader.phase();
        put(reader.with(new Phase.Dead(reason, problem.detail(), restartAt, before), now)
                .with(reader.facts().with(new Work(reader.facts().work().room(), 0))));
        lose(reader, reason, problem, restartAt.isPresent());
    }

    private void lose(Reader reader, Reason reason, Problem problem, boolean returns) {
        effects.add(new Effect.OfReader.Lost(reader.incarnation(), reader.spec(), reason, problem, returns));
    }

    private void end(Reader reader) {
        effects.add(new Effect.OfReader.Kill(reader.incarnation(), reader.spec()));
    }

    private static String names(Reader reader) {
        return "reader " + reader.id();
    }

    // ---- the two maps: a reader is in one of them or in none

    private void put(Reader reader) {
        take(reader);
        (reader.isDead() ? dead() : living()).put(reader.id(), reader);
    }

    private void remove(Reader reader) {
        take(reader);
        lastIncarnation = Math.max(lastIncarnation, reader.incarnation().number());
        effects.add(new Effect.OfReader.Gone(reader.incarnation(), reader.spec()));
    }

    private void take(Reader reader) {
        if (living.orElse(before.living()).containsKey(reader.id())) {
            living().remove(reader.id());
        } else if (dead.orElse(before.dead()).containsKey(reader.id())) {
            dead().remove(reader.id());
        }
    }

    /** Those that nothing will start again go first, and the oldest of them. */
    private void forgetOldestDead() {
        while (dead.filter(map -> map.size() > ReaderTable.MOST_DEAD).isPresent()) {
            Reader oldest = dead().values().stream()
                    .min(Comparator.comparing(
                                    (Reader reader) -> reader.deadline().isPresent())
                            .thenComparing(reader -> reader.since().elapsed()))
                    .orElseThrow();
            end(oldest);
            remove(oldest);
            forgottenDead++;
        }
    }

    private SortedMap<ReaderId, Reader> living() {
        living = living.or(() -> Optional.of(new TreeMap<>(before.living())));
        return living.get();
    }

    private SortedMap<ReaderId, Reader> dead() {
        dead = dead.or(() -> Optional.of(new TreeMap<>(before.dead())));
        return dead.get();
    }
}
