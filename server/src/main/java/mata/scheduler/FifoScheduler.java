package mata.scheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import mata.fleet.Incarnation;
import mata.fleet.Readers;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.Wire;
import mata.result.Answer;
import mata.task.ModelRef;
import mata.time.Bell;
import mata.time.Time;

/**
 * First in, first out, over all listeners: a reader with room is given the oldest ticket it can serve. One lock guards all of
 * it, is held for moments, and decides everything: a ticket is closed by the first who comes with its answer, its
 * cancellation or the end of its time, and by nobody else. While it is held nothing is called that calls back. Costs grow with
 * the logarithm of the queue's length at most.
 */
public final class FifoScheduler implements Scheduler, Readers.Listener, AutoCloseable {

    /** A job whose reader dies is given to another one; once. */
    private static final int MOST_DELIVERIES = 2;

    /** When somebody who was refused may try again: a moment later the queue has moved. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Readers readers;
    private final Time time;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();

    // All below: guarded by the lock.
    private final Map<ModelRef, Lane> lanes = new HashMap<>();
    private final Map<Incarnation, Seat> seats = new HashMap<>();
    private final TreeSet<QueuedTicket> byDeadline = new TreeSet<>(
            Comparator.comparing((QueuedTicket ticket) -> ticket.deadline).thenComparing(ticket -> ticket.id));
    private final Bell bell;
    private long lastNumber;
    private int waiting;
    private boolean closed;

    /** @param capacity how many may wait */
    public FifoScheduler(Readers readers, Time time, int capacity) {
        this.readers = readers;
        this.time = time;
        this.bell = new Bell(time, this::expire);
        this.capacity = capacity;
    }

    /** Begins to hear the readers; before the fleet starts. */
    public void start() {
        readers.listen(this);
    }

    /** Whoever still waits is told that the server shuts down; nobody else is let in. */
    @Override
    public void close() {
        var ended = new Ended();
        lock.lock();
        try {
            closed = true;
            List.copyOf(byDeadline).forEach(ticket -> ended.abandon(ticket, shuttingDown()));
        } finally {
            lock.unlock();
        }
        ended.tell();
    }

    private static Problem shuttingDown() {
        return new Problem.Busy("the server is shutting down", Duration.ofSeconds(5));
    }

    // ---- for those who ask

    @Override
    public Ticket submit(Job job) {
        QueuedTicket ticket;
        lock.lock();
        try {
            if (closed) {
                throw new Rejected(shuttingDown());
            }
            if (waiting >= capacity && !isServedAtOnce(job.model())) {
                throw new Rejected(
                        new Problem.Busy(capacity + " requests are waiting, no more are taken", RETRY_AFTER));
            }
            ticket = new QueuedTicket(new TicketId(++lastNumber), job, time.elapsed(), this);
            byDeadline.add(ticket);
            bell.ringBy(ticket.deadline);
            queue(ticket);
            dispatch(lane(job.model()));
        } finally {
            lock.unlock();
        }
        readers.hold(job.model());
        ticket.pairHoldWithRelease(readers);
        return ticket;
    }

    private boolean isServedAtOnce(ModelRef model) {
        return Optional.ofNullable(lanes.get(model)).flatMap(Lane::freeSeat).isPresent();
    }

    void cancel(QueuedTicket ticket) {
        var ended = new Ended();
        lock.lock();
        try {
            if (ticket.open) {
                ended.abandon(ticket, new Problem.Cancelled("the caller has gone"));
            }
        } finally {
            lock.unlock();
        }
        ended.tell();
    }

    /** Who waits, and who runs, at this moment. */
    public QueueView view() {
        lock.lock();
        try {
            Duration now = time.elapsed();
            return new QueueView(
                    lanes.values().stream()
                            .flatMap(lane -> lane.waiting.values().stream())
                            .sorted(Comparator.comparing(QueuedTicket::id))
                            .map(ticket ->
                                    new QueueView.Waiting(ticket.id, ticket.job.model(), now.minus(ticket.submitted)))
                            .toList(),
                    seats.values().stream()
                            .flatMap(seat -> seat.inHand.values().stream()
                                    .map(ticket -> new QueueView.Running(
                                            ticket.id, seat.model, now.minus(ticket.submitted), seat.reader)))
                            .sorted(Comparator.comparing(QueueView.Running::id))
                            .toList(),
                    capacity);
        } finally {
            lock.unlock();
        }
    }

    // ---- for the readers

    @Override
    public void opened(Incarnation reader, ModelRef model, int room) {
        lock.lock();
        try {
            var seat = new Seat(reader, model, time.elapsed(), room);
            seats.put(reader, seat);
            lane(model).seats.add(seat);
            dispatch(lane(model));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void room(Incarnation reader, int more) {
        lock.lock();
        try {
            Seat seat = seats.get(reader);
            if (seat != null) {
                seat.room += more;
                dispatch(lane(seat.model));
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed(Incarnation reader) {
        lock.lock();
        try {
            Seat seat = seats.get(reader);
            if (seat != null) {
                seat.closed = true;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void lost(Incarnation reader, Problem why) {
        var ended = new Ended();
        lock.lock();
        try {
            Seat seat = seats.remove(reader);
            if (seat != null) {
                lane(seat.model).seats.remove(seat);
                List.copyOf(seat.inHand.values()).forEach(ticket -> takeBack(ticket, seat, why, ended));
                dispatch(lane(seat.model));
                forgetIfEmpty(seat.model);
            }
        } finally {
            lock.unlock();
        }
        ended.tell();
    }

    /** It goes back to the place it had, or has been given to readers that died often enough. */
    private void takeBack(QueuedTicket ticket, Seat seat, Problem why, Ended ended) {
        if (ticket.deliveries >= MOST_DELIVERIES) {
            ended.abandon(ticket, new Problem.ReaderLost(why.detail()));
        } else {
            seat.inHand.remove(ticket.id);
            readers.revoke(seat.reader, ticket.id.number()); // a reader that is only silent still has it
            queue(ticket);
        }
    }

    @Override
    public void answered(Incarnation reader, long number, Answer answer) {
        var ended = new Ended();
        lock.lock();
        try {
            inHand(reader, number).ifPresent(ticket -> ended.answer(ticket, timed(ticket, answer)));
        } finally {
            lock.unlock();
        }
        ended.tell();
    }

    @Override
    public void failed(Incarnation reader, long number, Problem problem) {
        var ended = new Ended();
        lock.lock();
        try {
            inHand(reader, number).ifPresent(ticket -> ended.fail(ticket, problem));
        } finally {
            lock.unlock();
        }
        ended.tell();
    }

    @Override
    public void unservable(ModelRef model, Problem why) {
        var ended = new Ended();
        lock.lock();
        try {
            Lane lane = lanes.get(model);
            if (lane != null && !lane.isServed()) {
                List.copyOf(lane.waiting.values()).forEach(ticket -> ended.fail(ticket, why));
            }
        } finally {
            lock.unlock();
        }
        ended.tell();
    }

    // ---- time

    private void expire() {
        var ended = new Ended();
        lock.lock();
        try {
            bell.rung();
            Duration now = time.elapsed();
            while (!byDeadline.isEmpty() && byDeadline.first().deadline.compareTo(now) <= 0) {
                QueuedTicket ticket = byDeadline.first();
                double seconds = ticket.job.limit().toMillis() / 1000.0;
                ended.abandon(ticket, new Problem.DeadlinePassed("no answer within " + seconds + " s"));
            }
            if (!byDeadline.isEmpty()) {
                bell.ringBy(byDeadline.first().deadline);
            }
        } finally {
            lock.unlock();
        }
        ended.tell();
    }

    // ---- under the lock

    private void queue(QueuedTicket ticket) {
        ticket.seat = Optional.empty();
        lane(ticket.job.model()).waiting.put(ticket.id, ticket);
        waiting++;
    }

    /** As long as somebody waits and somebody has room. Afterwards one of the two is not so. */
    private void dispatch(Lane lane) {
        while (!lane.waiting.isEmpty()) {
            Optional<Seat> free = lane.freeSeat();
            if (free.isEmpty()) {
                return;
            }
            QueuedTicket ticket = lane.waiting.pollFirstEntry().getValue();
            waiting--;
            give(ticket, free.get());
        }
    }

    private void give(QueuedTicket ticket, Seat seat) {
        seat.room--;
        seat.inHand.put(ticket.id, ticket);
        ticket.seat = Optional.of(seat);
        ticket.deliveries++;
        Job job = ticket.job;
        Duration budget = ticket.deadline.minus(time.elapsed());
        readers.give(seat.reader, Wire.job(ticket.id.number(), job.task(), job.picture(), ticket.params, budget));
    }

    /** The ticket, if this reader has it: answers of readers that had it once are nobody's. */
    private Optional<QueuedTicket> inHand(Incarnation reader, long number) {
        return Optional.ofNullable(seats.get(reader))
                .flatMap(seat -> Optional.ofNullable(seat.inHand.get(new TicketId(number))));
    }

    /** What is not loading, decoding or running, is waiting: here, on the way, or in the reader. */
    private Answer timed(QueuedTicket ticket, Answer answer) {
        Duration load = ticket.seat.orElseThrow().opened.minus(ticket.submitted);
        double loadMs = Math.max(0, ms(load));
        var timings = answer.timings();
        double workMs = timings.decodeMs() + timings.preMs() + timings.runMs() + timings.postMs();
        double queueMs = Math.max(0, ms(time.elapsed().minus(ticket.submitted)) - loadMs - workMs);
        return new Answer(
                answer.result(), answer.width(), answer.height(), timings.waited(queueMs, loadMs), answer.warnings());
    }

    private static double ms(Duration duration) {
        return duration.toNanos() / 1e6;
    }

    private void close(QueuedTicket ticket) {
        ticket.open = false;
        byDeadline.remove(ticket);
        ModelRef model = ticket.job.model();
        if (ticket.seat.isPresent()) {
            ticket.seat.get().inHand.remove(ticket.id);
        } else if (lane(model).waiting.remove(ticket.id) != null) {
            waiting--;
        }
        forgetIfEmpty(model);
    }

    private Lane lane(ModelRef model) {
        return lanes.computeIfAbsent(model, _ -> new Lane());
    }

    private void forgetIfEmpty(ModelRef model) {
        if (lane(model).isEmpty()) {
            lanes.remove(model);
        }
    }

    /** Tickets that were closed under the lock; they are told once it is free again. */
    private final class Ended {

        private final List<Runnable> news = new ArrayList<>();

        void answer(QueuedTicket ticket, Answer answer) {
            close(ticket);
            news.add(() -> ticket.complete(answer, readers));
        }

        void fail(QueuedTicket ticket, Problem problem) {
            close(ticket);
            news.add(() -> ticket.fail(problem, readers));
        }

        /** As {@link #fail}, where a reader may still be at work on it. */
        void abandon(QueuedTicket ticket, Problem problem) {
            ticket.seat.ifPresent(seat -> readers.revoke(seat.reader, ticket.id.number()));
            fail(ticket, problem);
        }

        void tell() {
            news.forEach(Runnable::run);
        }
    }
}
