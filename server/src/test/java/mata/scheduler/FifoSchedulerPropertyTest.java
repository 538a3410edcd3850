package mata.scheduler;

import static mata.scheduler.ScriptedReaders.answer;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import mata.fleet.Incarnation;
import mata.fleet.ReaderId;
import mata.fleet.Readers;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.wire.Command;
import mata.task.ModelRef;
import mata.task.Task;
import mata.testing.StoppedTime;
import mata.time.SystemTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens in whatever order: one answer each, nobody overtaken, no reader overfilled, nothing left behind. */
final class FifoSchedulerPropertyTest {

    private static final List<ModelRef> MODELS =
            List.of(new ModelRef("acme/a"), new ModelRef("acme/b"), new ModelRef("acme/c"));

    /** What a test believes of a reader, kept apart from what the scheduler believes. */
    private static final class Believed {
        private final ModelRef model;
        private int room;
        private boolean closed;

        Believed(ModelRef model) {
            this.model = model;
        }
    }

    private final StoppedTime time = new StoppedTime();
    private final ScriptedReaders readers = new ScriptedReaders();
    private final FifoScheduler scheduler = new FifoScheduler(readers, time, 200);
    private final Map<Incarnation, Believed> alive = new HashMap<>();
    private final Map<Long, Ticket> tickets = new HashMap<>();
    private final Map<Long, Integer> deliveries = new HashMap<>();
    private int incarnations;

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void everyTicketHasOneEndAndNobodyIsOvertaken(long seed) {
        var random = new Random(seed);
        scheduler.start();
        for (int i = 0; i < 6_000; i++) {
            int givenBefore = readers.given.size();
            step(random);
            check(readers.given.subList(givenBefore, readers.given.size()));
        }

        time.advance(Duration.ofSeconds(1000));

        assertThat(tickets.values()).allMatch(Ticket::isDone);
        assertThat(readers.released).hasSize(tickets.size());
        assertThat(readers.holds.values()).allMatch(holds -> holds == 0);
        assertThat(scheduler.view().waiting()).isEmpty();
        assertThat(scheduler.view().running()).isEmpty();
    }

    private void step(Random random) {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> submit(random);
            case 4 -> open(random);
            case 5, 6 ->
                oneOf(alive.entrySet(), random).ifPresent(entry -> {
                    int more = 1 + random.nextInt(3);
                    entry.getValue().room += more;
                    readers.listener().room(entry.getKey(), more);
                });
            case 7, 8 -> answerOne(random);
            case 9 -> oneOf(tickets.values(), random).ifPresent(Ticket::cancel);
            case 10 -> time.advance(Duration.ofMillis(random.nextInt(400)));
            default ->
                oneOf(alive.entrySet(), random).ifPresent(entry -> {
                    if (random.nextInt(3) == 0) {
                        entry.getValue().closed = true;
                        readers.listener().closed(entry.getKey());
                    } else {
                        alive.remove(entry.getKey());
                        readers.die(entry.getKey(), entry.getKey() + " died");
                    }
                });
        }
    }

    private void submit(Random random) {
        try {
            Ticket ticket = scheduler.submit(new Job(
                    MODELS.get(random.nextInt(MODELS.size())),
                    Task.DETECT,
                    new byte[1],
                    Params.NONE,
                    Duration.ofMillis(1 + random.nextInt(20_000)),
                    OptionalInt.empty()));
            tickets.put(ticket.id().number(), ticket);
        } catch (Rejected e) {
            assertThat(e.problem()).isInstanceOf(Problem.Busy.class);
            assertThat(scheduler.view().waiting()).hasSizeGreaterThanOrEqualTo(200);
        }
    }

    private void open(Random random) {
        if (alive.size() < 6) {
            var reader = new Incarnation(new ReaderId("r"), ++incarnations);
            var believed = new Believed(MODELS.get(random.nextInt(MODELS.size())));
            believed.room = random.nextInt(3);
            alive.put(reader, believed);
            readers.listener().opened(reader, believed.model, believed.room);
        }
    }

    /** A reader answers something it was given, perhaps long ago, perhaps in an earlier life. */
    private void answerOne(Random random) {
        if (!readers.given.isEmpty()) {
            int back = Math.min(readers.given.size(), 30);
            var given = readers.given.get(readers.given.size() - 1 - random.nextInt(back));
            if (random.nextInt(6) == 0) {
                readers.listener().failed(given.reader(), given.ticket(), new Problem.BadInput("bad"));
            } else {
                readers.answer(given.reader(), given.ticket());
            }
        }
    }

    private void check(List<ScriptedReaders.Given> given) {
        for (ScriptedReaders.Given job : given) {
            Believed believed = alive.get(job.reader());
            assertThat(believed).as("only the living are given work").isNotNull();
            if (believed != null) {
                assertThat(believed.closed).isFalse();
                assertThat(--believed.room).isNotNegative();
                // Nobody who still waits for the same model is older.
                assertThat(scheduler.view().waiting())
                        .filteredOn(waiting -> waiting.model().equals(believed.model))
                        .allMatch(waiting -> waiting.id().number() > job.ticket());
            }
            assertThat(deliveries.merge(job.ticket(), 1, Integer::sum)).isLessThanOrEqualTo(2);
        }
        // Nobody waits while a reader that could serve him has room.
        for (QueueView.Waiting waiting : scheduler.view().waiting()) {
            assertThat(alive.values())
                    .noneMatch(reader -> reader.model.equals(waiting.model()) && reader.room > 0 && !reader.closed);
        }
    }

    private static <T> Optional<T> oneOf(Collection<T> all, Random random) {
        return all.isEmpty()
                ? Optional.empty()
                : all.stream().skip(random.nextInt(all.size())).findFirst();
    }

    /** The same from many threads at once, on a clock that runs. */
    @Test
    void everyTicketHasOneEndWhateverThreadsDoAtOnce() throws Exception {
        try (var running = new SystemTime()) {
            var answering = new AnsweringReaders();
            var busy = new FifoScheduler(answering, running, 100_000);
            busy.start();
            int callers = 16;
            int each = 500;
            var answered = new AtomicInteger();
            var failed = new AtomicInteger();
            var done = new CountDownLatch(callers);
            answering.open(5);
            for (int c = 0; c < callers; c++) {
                var random = new Random(c);
                Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < each; i++) {
                        Ticket ticket = busy.submit(new Job(
                                MODELS.getFirst(),
                                Task.DETECT,
                                new byte[1],
                                Params.NONE,
                                Duration.ofMillis(1 + random.nextInt(50)),
                                OptionalInt.empty()));
                        if (random.nextInt(4) == 0) {
                            ticket.cancel();
                        }
                        try {
                            ticket.await();
                            answered.incrementAndGet();
                        } catch (Rejected e) {
                            failed.incrementAndGet();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    }
                    done.countDown();
                });
            }
            done.await();
            answering.end();

            assertThat(answered.get() + failed.get()).isEqualTo(callers * each);
            assertThat(answered.get()).isPositive();
            assertThat(answering.holds.get()).isZero();
            assertThat(busy.view().waiting()).isEmpty();
            assertThat(busy.view().running()).isEmpty();
        }
    }

    /** Readers on threads of their own, which now and then die and come back. */
    private static final class AnsweringReaders implements Readers {

        private record Given(Incarnation reader, long ticket) {}

        private final BlockingQueue<Given> jobs = new LinkedBlockingQueue<>();
        private final AtomicInteger holds = new AtomicInteger();
        private final AtomicInteger numbers = new AtomicInteger();
        private final List<Thread> threads = new ArrayList<>();
        private final CompletableFuture<Listener> listener = new CompletableFuture<>();

        void open(int count) {
            for (int i = 0; i < count; i++) {
                int seed = i;
                threads.add(Thread.ofPlatform().start(() -> work(new Random(seed))));
            }
        }

        private void work(Random random) {
            Listener hears = listener.join();
            Incarnation self = born(hears);
            try {
                while (true) {
                    Given job = jobs.take();
                    if (random.nextInt(50) == 0) {
                        hears.lost(self, new Problem.ReaderLost("died"));
                        self = born(hears);
                    } else {
                        hears.answered(job.reader(), job.ticket(), answer("done"));
                        hears.room(job.reader(), 1);
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }

        private Incarnation born(Listener hears) {
            var self = new Incarnation(new ReaderId("r"), numbers.incrementAndGet());
            hears.opened(self, MODELS.getFirst(), 3);
            return self;
        }

        @Override
        public void listen(Listener other) {
            listener.complete(other);
        }

        @Override
        public void hold(ModelRef model) {
            holds.incrementAndGet();
        }

        @Override
        public void release(ModelRef model, OptionalInt keepAliveSeconds, boolean answered) {
            holds.decrementAndGet();
        }

        @Override
        public void give(Incarnation reader, Command job) {
            jobs.add(new Given(reader, job.getJob().getTicket()));
        }

        @Override
        public void revoke(Incarnation reader, long ticket) {}

        void end() throws InterruptedException {
            for (Thread thread : threads) {
                thread.interrupt();
                thread.join();
            }
        }
    }
}
