package mata.fleet;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;
import mata.fleet.FleetEvent.OfReader;

/**
 * All readers, by name: one moment's truth, immutable. {@link #on} is the state machine of readers-status section 6: pure, so
 * that a reader is always in exactly one of the maps, and each rule can be tested on a clock that stands still.
 *
 * @param living loading, live and draining ones
 * @param dead at most {@link #MOST_DEAD}
 * @param lastIncarnation the highest number of a reader that is gone; new ones count on from it
 * @param ignoredBeats signs of life that came too late to matter (H7, H10)
 * @param forgottenDead dead ones dropped because there were too many
 */
record ReaderTable(
        Rules rules,
        SortedMap<ReaderId, Reader> living,
        SortedMap<ReaderId, Reader> dead,
        int lastIncarnation,
        long ignoredBeats,
        long forgottenDead) {

    static final int MOST_DEAD = 256;

    /** @param drainTimeout how long a reader may take to finish what it has in hand */
    record Rules(Duration drainTimeout) {}

    record Step(ReaderTable table, List<Effect.OfReader> effects) {}

    static ReaderTable empty(Rules rules) {
        return new ReaderTable(rules, Collections.emptySortedMap(), Collections.emptySortedMap(), 0, 0, 0);
    }

    Optional<Reader> find(ReaderId id) {
        return Optional.ofNullable(living.get(id)).or(() -> Optional.ofNullable(dead.get(id)));
    }

    /** The reader, if this is its newest incarnation. */
    Optional<Reader> find(Incarnation incarnation) {
        return find(incarnation.reader()).filter(reader -> reader.incarnation().equals(incarnation));
    }

    Stream<Reader> all() {
        return Stream.concat(living.values().stream(), dead.values().stream());
    }

    /** When time alone will change something, silence aside. */
    Optional<Duration> deadline() {
        return all().flatMap(reader -> reader.deadline().stream()).min(Comparator.naturalOrder());
    }

    Step on(OfReader event, Moment now) {
        var change = new ReaderChange(this, now);
        switch (event) {
            case OfReader.Created(var id, var spec) -> change.create(id, spec);
            case OfReader.Started(var id, var pids) ->
                change.tell(id, reader -> reader.facts().withPids(pids));
            case OfReader.Beat(var id, var promise, var bytes) -> change.beat(id, new Reader.Beat(now, promise), bytes);
            case OfReader.Loaded loaded -> change.loaded(loaded);
            case OfReader.Claimed(var id, var room) -> change.claim(id, room);
            case OfReader.Taken(var id, var jobs) -> change.taken(id, jobs);
            case OfReader.Answered(var id, var good) -> change.answered(id, good);
            case OfReader.Failed(var id, var problem) -> change.fail(id, problem);
            case OfReader.Exited(var id, var how, var logTail) -> change.exit(id, how, logTail);
            case OfReader.Deleted(var id) -> change.delete(id);
            case OfReader.Killed(var id) -> change.kill(id);
            case OfReader.Restarted(var id) -> change.restart(id);
        }
        return change.done();
    }

    /** Deadlines that have been reached take effect. */
    Step passed(Moment now) {
        var change = new ReaderChange(this, now);
        all().filter(reader -> reader.deadline().filter(now::isAtOrAfter).isPresent())
                .forEach(change::outOfTime);
        return change.done();
    }

    /** Readers that have broken their promise take the consequences. */
    Step look(Moment now) {
        var change = new ReaderChange(this, now);
        living.values().stream()
                .filter(reader -> reader.isSilent(now.elapsed()))
                .forEach(change::silent);
        return change.done();
    }

    /** {@code <stem>-<n>} with the lowest n that is not taken. */
    ReaderId freeId(String stem) {
        return Stream.iterate(0, n -> n + 1)
                .map(n -> new ReaderId(stem + "-" + n))
                .filter(id -> find(id).isEmpty())
                .findFirst()
                .orElseThrow();
    }

    /** The groups that hold requests while they have no live reader: those given and those of readers that ask for it, sorted. */
    List<String> reserved(List<String> configured) {
        return Stream.concat(
                        configured.stream(),
                        all().filter(reader -> reader.spec().bufferRequests())
                                .flatMap(reader -> reader.spec().groups().stream()))
                .distinct()
                .sorted()
                .toList();
    }
}
