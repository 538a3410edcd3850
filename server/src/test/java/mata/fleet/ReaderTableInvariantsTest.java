package mata.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import mata.fleet.FleetEvent.OfReader;
import mata.problem.Problem;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** I1 to I6 of readers-status 3.3, after each of many thousand events that come in any order, sensible or not. */
final class ReaderTableInvariantsTest {

    private static final int EVENTS = 8_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void holdWhateverHappens(long seed) {
        var random = new Random(seed);
        var table = ReaderTable.empty(new ReaderTable.Rules(Duration.ofSeconds(30)));
        Duration elapsed = Duration.ZERO;
        Set<Incarnation> started = new HashSet<>();
        for (int i = 0; i < EVENTS; i++) {
            elapsed = elapsed.plusMillis(random.nextInt(1500));
            var now = new Moment(elapsed, Instant.EPOCH.plusSeconds(random.nextInt(100_000))); // H8: any wall clock
            Set<ReaderId> before = ids(table);
            ReaderTable.Step step = step(table, now, random);

            table = step.table();
            check(table);
            for (Effect.OfReader effect : step.effects()) {
                if (effect instanceof Effect.OfReader.Start start) {
                    assertThat(started.add(start.reader()))
                            .as("%s starts once", start.reader())
                            .isTrue();
                }
            }
            checkNobodyVanishes(before, ids(table), step.effects());
        }
    }

    private static void check(ReaderTable table) {
        // I1, and that nobody is listed under a name that is not his
        assertThat(Collections.disjoint(table.living().keySet(), table.dead().keySet()))
                .isTrue();
        assertThat(table.living()).allSatisfy((id, reader) -> {
            assertThat(reader.id()).isEqualTo(id);
            assertThat(reader.isDead()).isFalse();
        });
        assertThat(table.dead()).allSatisfy((id, reader) -> {
            assertThat(reader.id()).isEqualTo(id);
            assertThat(reader.isDead()).isTrue();
        });
        // I2 holds because a heartbeat is part of its reader's row; I3:
        assertThat(table.all().filter(Reader::isLive))
                .allMatch(reader -> reader.facts().beat().isPresent());
        // I4
        assertThat(table.all())
                .allSatisfy(reader ->
                        assertThat(reader.spec().groups()).isNotEmpty().doesNotHaveDuplicates());
        // I5
        List<String> reserved = table.reserved(List.of("night", "b"));
        assertThat(reserved).doesNotHaveDuplicates().isSorted().contains("night", "b");
        assertThat(table.dead()).hasSizeLessThanOrEqualTo(ReaderTable.MOST_DEAD);
    }

    /** I6: who was there and is not any more has gone, and that was said. */
    private static void checkNobodyVanishes(Set<ReaderId> before, Set<ReaderId> after, List<Effect.OfReader> effects) {
        Set<ReaderId> left = new TreeSet<>(before);
        left.removeAll(after);
        List<ReaderId> gone = effects.stream()
                .filter(Effect.OfReader.Gone.class::isInstance)
                .map(effect -> effect.reader().reader())
                .toList();
        assertThat(gone).containsExactlyInAnyOrderElementsOf(left);
    }

    private static Set<ReaderId> ids(ReaderTable table) {
        Set<ReaderId> ids = new TreeSet<>(table.living().keySet());
        ids.addAll(table.dead().keySet());
        return ids;
    }

    private static ReaderTable.Step step(ReaderTable table, Moment now, Random random) {
        var id = new ReaderId("r-" + random.nextInt(12));
        int newest = table.find(id).map(reader -> reader.incarnation().number()).orElse(1);
        var incarnation = new Incarnation(id, Math.max(1, newest - (random.nextInt(5) == 0 ? 1 : 0)));
        return switch (random.nextInt(17)) {
            case 0 -> table.look(now);
            case 1 -> table.passed(now);
            case 2, 3 ->
                table.find(id).isPresent() ? table.look(now) : table.on(new OfReader.Created(id, spec(random)), now);
            case 4 -> table.on(new OfReader.Started(incarnation, List.of(random.nextLong(1, 99999))), now);
            case 5, 6, 7 -> table.on(new OfReader.Beat(incarnation, Duration.ofSeconds(1 + random.nextInt(9)), 7), now);
            case 8, 9 -> table.on(new OfReader.Loaded(incarnation, "cpu", "detr", Duration.ZERO, 5), now);
            case 10 -> table.on(new OfReader.Claimed(incarnation, 1 + random.nextInt(4)), now);
            case 11 -> table.on(new OfReader.Taken(incarnation, 1), now);
            case 12 -> table.on(new OfReader.Answered(incarnation, random.nextBoolean()), now);
            case 13 -> table.on(new OfReader.Failed(incarnation, problem(random)), now);
            case 14 -> table.on(new OfReader.Exited(incarnation, "ended", List.of("line")), now);
            case 15 -> table.on(new OfReader.Deleted(id), now);
            default ->
                random.nextBoolean()
                        ? table.on(new OfReader.Killed(id), now)
                        : table.on(new OfReader.Restarted(id), now);
        };
    }

    private static Problem problem(Random random) {
        return random.nextBoolean() ? new Problem.OutOfMemory("full") : new Problem.Broken("broken");
    }

    private static ReaderSpec spec(Random random) {
        List<String> groups = new ArrayList<>(List.of("primary", "b", "c"));
        return new ReaderSpec(
                new ModelRef("acme/m"),
                Task.DETECT,
                Path.of("/m"),
                Map.of(),
                "cpu",
                groups.subList(0, 1 + random.nextInt(3)),
                random.nextBoolean(),
                Duration.ofSeconds(1 + random.nextInt(10)),
                Duration.ofSeconds(20));
    }
}
