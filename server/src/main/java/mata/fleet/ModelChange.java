package mata.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import mata.fleet.FleetEvent.OfReader;
import mata.fleet.Model.Stage;
import mata.problem.Problem;
import mata.task.ModelRef;

/** A step of the models from one state to the next: what changes, and what has to be done about it. Used once, by one thread. */
final class ModelChange {

    /** Who asks again so soon after a failure is told the same, and nothing is tried. */
    private static final Duration FAILURE_FRESH = Duration.ofSeconds(5);

    /** So many models are remembered although they are not in memory. */
    private static final int MOST_REMEMBERED = 256;

    private final Models before;
    private final ReaderTable readers;
    private final Moment now;
    private final TreeMap<ModelRef, Model> all;
    private final List<OfReader> orders = new ArrayList<>();
    private final List<Effect.OfModel> effects = new ArrayList<>();

    ModelChange(Models before, ReaderTable readers, Moment now) {
        this.before = before;
        this.readers = readers;
        this.now = now;
        this.all = new TreeMap<>(before.all());
    }

    Models.Step done() {
        forgetOldest();
        return new Models.Step(new Models(before.rules(), Collections.unmodifiableSortedMap(all)), orders, effects);
    }

    // ---- what people want

    void want(ModelRef ref) {
        Model model = get(ref);
        switch (phase(model)) {
            case Phase.Loading _ -> {}
            case Phase.Live _ -> effects.add(new Effect.OfModel.Ready(ref));
            case Phase.Draining _ -> put(model.with(Stage.AWAITING_ROOM));
            case Phase.Dead _ -> replace(model);
            case null -> {
                if (model.stage() == Stage.SETTLED) {
                    measure(model);
                }
            }
        }
    }

    void hold(ModelRef ref) {
        Model found = get(ref);
        Model model = found.withHolds(found.holds() + 1).with(found.use().held());
        put(model);
        switch (phase(model)) {
            case Phase.Loading _, Phase.Live _, Phase.Draining _ -> {}
            case Phase.Dead(var _, var _, var restartAt, var _) -> {
                if (restartAt.isEmpty() && !refuse(model)) {
                    replace(model);
                }
            }
            case null -> {
                if (model.stage() == Stage.SETTLED && !refuse(model)) {
                    measure(model);
                }
            }
        }
    }

    /** @return whether it has failed so lately, or so often, that nothing is tried */
    private boolean refuse(Model model) {
        Optional<Model.Failure> fresh = model.failure()
                .filter(failure ->
                        failure.forGood() || !now.isAtOrAfter(failure.at().plus(FAILURE_FRESH)));
        fresh.ifPresent(failure -> effects.add(new Effect.OfModel.Unservable(model.ref(), failure.problem())));
        return fresh.isPresent();
    }

    void release(ModelRef ref, Optional<Duration> keepAlive, boolean answered) {
        Model found = get(ref);
        Model model = found.withHolds(found.holds() - 1).with(found.use().released(answered, now));
        put(model);
        if (model.holds() > 0 || model.reader().isEmpty()) {
            return;
        }
        Optional<Model.Expiry> expiry = keepAlive
                .filter(_ -> !before.rules().pinned().contains(ref))
                .map(stay -> new Model.Expiry(now.plus(stay), now.wall().plus(stay)));
        put(model.with(model.use().with(expiry)));
        if (expiry.isPresent() && keepAlive.orElseThrow().isZero() && phase(model) instanceof Phase.Live) {
            expire(get(ref));
        }
    }

    void unwant(ModelRef ref) {
        Model model = get(ref);
        switch (phase(model)) {
            case Phase.Loading _ -> {
                effects.add(unloadedWhileLoading(ref));
                leave(model, "unloaded", false);
            }
            case Phase.Live _ -> leave(model, "unloaded", false);
            case Phase.Draining _ -> {
                if (model.stage() != Stage.SETTLED) {
                    put(model.with(Stage.SETTLED));
                    effects.add(unloadedWhileLoading(ref));
                }
            }
            case Phase.Dead _ -> {
                effects.add(new Effect.OfModel.Unloaded(ref, false));
                leave(model, "unloaded", false);
            }
            case null -> {
                boolean onItsWay = model.stage() != Stage.SETTLED;
                if (onItsWay) {
                    put(model.with(Stage.SETTLED));
                    effects.add(unloadedWhileLoading(ref));
                }
                effects.add(new Effect.OfModel.Unloaded(ref, onItsWay));
            }
        }
    }

    private static Effect.OfModel unloadedWhileLoading(ModelRef ref) {
        return new Effect.OfModel.Unservable(ref, new Problem.Broken(ref + " was unloaded while it was loading"));
    }

    void expire(Model model) {
        leave(model, "keep_alive", false);
    }

    // ---- the way into memory

    private void measure(Model model) {
        put(model.with(Stage.MEASURING));
        effects.add(new Effect.OfModel.Measure(
                model.ref(), Optional.of(model.needBytes()).filter(bytes -> bytes > 0)));
    }

    /** A dead reader goes, and then a new one comes. */
    private void replace(Model model) {
        put(model.with(Stage.AWAITING_ROOM));
        orders.add(new OfReader.Deleted(model.reader().orElseThrow()));
    }

    void unusable(ModelRef ref, Problem problem) {
        Model model = get(ref);
        if (model.stage() == Stage.MEASURING) {
            fail(model, problem, false);
        }
    }

    private void fail(Model model, Problem problem, boolean forGood) {
        put(model.with(new Model.Failure(problem, now.elapsed(), forGood)));
        effects.add(new Effect.OfModel.Unservable(model.ref(), problem));
    }

    void measured(FleetEvent.OfModel.Measured measured) {
        Model model = get(measured.model());
        if (model.stage() != Stage.MEASURING) {
            return;
        }
        switch (Room.look(before, readers, model.ref(), measured.needBytes(), measured.memory())) {
            case Room.There _ -> {
                ReaderId id = readers.freeId(model.ref().shortName());
                put(model.withReader(id, measured.needBytes()));
                orders.add(new OfReader.Created(id, measured.spec()));
            }
            case Room.AfterLeaving(var models) -> {
                models.forEach(other -> leave(other, "evicted: to make room for " + model.ref(), true));
                put(model.with(Stage.AWAITING_ROOM));
            }
            case Room.Nowhere(var complaint) -> fail(model, new Problem.OutOfMemory(complaint), false);
        }
    }

    private void leave(Model model, String why, boolean toMakeRoom) {
        long seen = Models.residentBytes(model, readers);
        put(model.with(model.use().ended(why, toMakeRoom)).withNeed(seen > 0 ? seen : model.needBytes()));
        orders.add(new OfReader.Deleted(model.reader().orElseThrow()));
    }

    // ---- what becomes of its reader

    void opened(Model model, boolean revived) {
        put((revived ? model : model.with(model.use().loaded(now))).withoutFailure());
        effects.add(new Effect.OfModel.Ready(model.ref()));
    }

    void lost(Model model, Effect.OfReader.Lost lost) {
        Optional<Reader> reader = readers.find(lost.reader());
        if (reader.isEmpty() || !(reader.get().phase() instanceof Phase.Dead death)) {
            return; // it was on its way out, or has been started again meanwhile
        }
        Model dead = model.with(model.use().ended("died: " + lost.reason().word(), false));
        put(dead);
        if (!lost.returns() || death.before() instanceof Phase.Loading) {
            fail(dead, lost.problem(), lost.reason() == Reason.CRASH_LOOP || lost.reason() == Reason.KILLED);
        }
    }

    void gone(Model model) {
        Model away = model.withoutReader();
        put(away);
        effects.add(new Effect.OfModel.Unloaded(away.ref(), true));
        if (away.stage() == Stage.SETTLED && away.holds() > 0) {
            measure(away);
        }
        List.copyOf(all.values()).stream()
                .filter(other ->
                        other.stage() == Stage.AWAITING_ROOM && other.reader().isEmpty())
                .forEach(this::measure);
    }

    // ---- small matters

    private Model get(ModelRef ref) {
        return all.getOrDefault(ref, Model.unknown(ref));
    }

    private void put(Model model) {
        all.put(model.ref(), model);
    }

    private @org.jspecify.annotations.Nullable Phase phase(Model model) {
        return Models.reader(model, readers).map(Reader::phase).orElse(null);
    }

    private void forgetOldest() {
        if (all.size() <= MOST_REMEMBERED) {
            return;
        }
        all.values().stream()
                .filter(model -> model.reader().isEmpty() && model.holds() == 0 && model.stage() == Stage.SETTLED)
                .min(Comparator.comparing(model -> model.use().idleSince()))
                .ifPresent(model -> all.remove(model.ref()));
    }
}
