package mata.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import mata.fleet.FleetEvent.OfModel;
import mata.task.ModelRef;
import mata.task.ModelState;

/**
 * Which models are in memory, how long they stay, and who has to leave when there is no room (vision-api section 3). Immutable;
 * {@link #on}, {@link #heard} and {@link #passed} are pure. Each model has at most one reader that was started for it.
 */
record Models(Rules rules, SortedMap<ModelRef, Model> all) {

    /**
     * @param keepAlive how long a model stays after its last use; empty = for ever
     * @param memoryShare what loaded models may bring the use of memory to, as a share of all of it
     * @param pinned never unloaded but by somebody's order
     */
    record Rules(Optional<Duration> keepAlive, OptionalInt maxLoaded, double memoryShare, Set<ModelRef> pinned) {
        Rules {
            pinned = Set.copyOf(pinned);
        }
    }

    /** @param orders what the table of readers is to be told */
    record Step(Models models, List<FleetEvent.OfReader> orders, List<Effect.OfModel> effects) {}

    static Models none(Rules rules) {
        return new Models(rules, Collections.emptySortedMap());
    }

    Step on(OfModel event, ReaderTable readers, Moment now) {
        var change = new ModelChange(this, readers, now);
        switch (event) {
            case OfModel.Wanted(var ref) -> change.want(ref);
            case OfModel.Held(var ref) -> change.hold(ref);
            case OfModel.Released(var ref, var keepAlive, var answered) -> change.release(ref, keepAlive, answered);
            case OfModel.Measured measured -> change.measured(measured);
            case OfModel.Unusable(var ref, var problem) -> change.unusable(ref, problem);
            case OfModel.Unwanted(var ref) -> change.unwant(ref);
        }
        return change.done();
    }

    /** A reader's life has moved on; {@code readers} is the table after that. */
    Step heard(Effect.OfReader effect, ReaderTable readers, Moment now) {
        return switch (effect) {
            case Effect.OfReader.Start _,
                    Effect.OfReader.Drain _,
                    Effect.OfReader.Kill _,
                    Effect.OfReader.Room _,
                    Effect.OfReader.Closed _ -> new Step(this, List.of(), List.of());
            case Effect.OfReader.Opened opened ->
                of(opened, readers, now, (change, model) -> change.opened(model, opened.revived()));
            case Effect.OfReader.Lost lost -> of(lost, readers, now, (change, model) -> change.lost(model, lost));
            case Effect.OfReader.Gone gone -> of(gone, readers, now, ModelChange::gone);
        };
    }

    private Step of(
            Effect.OfReader effect, ReaderTable readers, Moment now, BiConsumer<ModelChange, Model> whatBecomesOfIt) {
        var change = new ModelChange(this, readers, now);
        all.values().stream()
                .filter(model ->
                        model.reader().filter(effect.reader().reader()::equals).isPresent())
                .findFirst()
                .ifPresent(model -> whatBecomesOfIt.accept(change, model));
        return change.done();
    }

    /** Models whose time is over leave. */
    Step passed(ReaderTable readers, Moment now) {
        var change = new ModelChange(this, readers, now);
        expiring(readers)
                .filter(model -> model.use()
                        .expiry()
                        .filter(expiry -> now.isAtOrAfter(expiry.at()))
                        .isPresent())
                .forEach(change::expire);
        return change.done();
    }

    /** When time alone will change something. */
    Optional<Duration> deadline(ReaderTable readers) {
        return expiring(readers)
                .flatMap(model -> model.use().expiry().stream())
                .map(Model.Expiry::at)
                .min(Comparator.naturalOrder());
    }

    private Stream<Model> expiring(ReaderTable readers) {
        return all.values().stream()
                .filter(model -> model.holds() == 0)
                .filter(model -> reader(model, readers)
                        .filter(reader -> reader.isLive() || reader.isDead())
                        .isPresent());
    }

    Optional<Model> find(ModelRef ref) {
        return Optional.ofNullable(all.get(ref));
    }

    static Optional<Reader> reader(Model model, ReaderTable readers) {
        return model.reader().flatMap(readers::find);
    }

    static long residentBytes(Model model, ReaderTable readers) {
        return reader(model, readers)
                .map(reader -> reader.facts().residentBytes())
                .orElse(0L);
    }

    /** What outsiders are told: models that are or were in memory, or are on their way. */
    List<LoadedModelView> views(ReaderTable readers) {
        return all.values().stream()
                .filter(model ->
                        model.use().loads() > 0 || model.reader().isPresent() || model.stage() != Model.Stage.SETTLED)
                .map(model -> view(model, readers))
                .toList();
    }

    private static LoadedModelView view(Model model, ReaderTable readers) {
        Optional<Reader> reader = reader(model, readers).filter(found -> !found.isDead());
        return new LoadedModelView(
                model.ref(),
                state(model, reader),
                reader.map(found -> found.facts().landing().device()).orElse(""),
                reader.map(found -> found.facts().residentBytes()).orElse(0L),
                model.use().loadedAt().orElse(null),
                model.use().lastUsed().orElse(null),
                reader.flatMap(_ -> model.use().expiry())
                        .map(Model.Expiry::wall)
                        .orElse(null),
                model.use().loads(),
                model.use().lastEnd().orElse(null));
    }

    private static ModelState state(Model model, Optional<Reader> reader) {
        return switch (reader.map(Reader::phase).orElse(null)) {
            case Phase.Loading _ -> ModelState.LOADING;
            case Phase.Live _ when model.holds() > 0 -> ModelState.ACTIVE;
            case Phase.Live _ -> model.use().used() ? ModelState.IDLE : ModelState.READY;
            case Phase.Draining _, Phase.Dead _ -> away(model);
            case null -> model.stage() == Model.Stage.SETTLED ? away(model) : ModelState.LOADING;
        };
    }

    private static ModelState away(Model model) {
        return model.use().evicted() ? ModelState.EVICTED : ModelState.UNLOADED;
    }
}
