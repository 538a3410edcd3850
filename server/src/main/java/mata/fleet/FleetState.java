package mata.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that is believed about readers and models, at one moment. Immutable; {@link #on} is pure. */
record FleetState(ReaderTable readers, Models models) {

    /** @param effects in the order in which they are to be done */
    record Step(FleetState state, List<Effect> effects) {}

    Step on(FleetEvent event, Moment now) {
        var effects = new ArrayList<Effect>();
        FleetState state = switch (event) {
            case FleetEvent.OfReader ofReader -> obey(List.of(ofReader), now, effects);
            case FleetEvent.OfModel ofModel -> follow(models.on(ofModel, readers, now), now, effects);
            case FleetEvent.Look _ -> follow(readers.look(now), now, effects);
            case FleetEvent.Passed _ -> {
                FleetState passed = follow(readers.passed(now), now, effects);
                yield passed.follow(passed.models.passed(passed.readers, now), now, effects);
            }
        };
        return new Step(state, effects);
    }

    /** The readers have moved: the models hear of it. */
    private FleetState follow(ReaderTable.Step step, Moment now, List<Effect> effects) {
        var state = new FleetState(step.table(), models);
        effects.addAll(step.effects());
        for (Effect.OfReader effect : step.effects()) {
            state = state.follow(state.models.heard(effect, state.readers, now), now, effects);
        }
        return state;
    }

    /** The models have moved: the readers are told what to do. */
    private FleetState follow(Models.Step step, Moment now, List<Effect> effects) {
        effects.addAll(step.effects());
        return new FleetState(readers, step.models()).obey(step.orders(), now, effects);
    }

    private FleetState obey(List<FleetEvent.OfReader> orders, Moment now, List<Effect> effects) {
        Deque<FleetEvent.OfReader> waiting = new ArrayDeque<>(orders);
        FleetState state = this;
        while (!waiting.isEmpty()) {
            state = state.follow(state.readers.on(waiting.remove(), now), now, effects);
        }
        return state;
    }

    /** When time alone will change something, silence aside. */
    Optional<Duration> deadline() {
        return Stream.concat(readers.deadline().stream(), models.deadline(readers).stream())
                .min(Comparator.naturalOrder());
    }
}
