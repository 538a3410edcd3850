package mata.scheduler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import mata.fleet.Incarnation;
import mata.fleet.ReaderId;
import mata.fleet.Readers;
import mata.problem.Problem;
import mata.reader.wire.Command;
import mata.result.Answer;
import mata.result.Classification;
import mata.result.Result;
import mata.result.Timings;
import mata.task.ModelRef;

/** Readers that do nothing by themselves: they note what they are given, and say what a test makes them say. */
final class ScriptedReaders implements Readers {

    record Given(Incarnation reader, long ticket, long budgetMs) {}

    record Revoked(Incarnation reader, long ticket) {}

    record Released(ModelRef model, OptionalInt keepAliveSeconds, boolean answered) {}

    final List<Given> given = new ArrayList<>();
    final List<Revoked> revoked = new ArrayList<>();
    final List<Released> released = new ArrayList<>();
    final Map<ModelRef, Integer> holds = new HashMap<>();
    private Optional<Listener> listener = Optional.empty();

    static Incarnation reader(String name) {
        return new Incarnation(new ReaderId(name), 1);
    }

    static Answer answer(String label) {
        return new Answer(
                new Result.Classifications(List.of(new Classification(0, label, 1))),
                8,
                6,
                new Timings(0, 0, 1, 2, 3, 4),
                List.of());
    }

    Listener listener() {
        return listener.orElseThrow();
    }

    List<Long> ticketsGivenTo(Incarnation reader) {
        return given.stream()
                .filter(job -> job.reader().equals(reader))
                .map(Given::ticket)
                .toList();
    }

    void answer(Incarnation reader, long ticket) {
        listener().answered(reader, ticket, answer("ticket " + ticket));
    }

    void die(Incarnation reader, String why) {
        listener().lost(reader, new Problem.ReaderLost(why));
    }

    @Override
    public void listen(Listener other) {
        listener = Optional.of(other);
    }

    @Override
    public synchronized void hold(ModelRef model) {
        holds.merge(model, 1, Integer::sum);
    }

    @Override
    public synchronized void release(ModelRef model, OptionalInt keepAliveSeconds, boolean answered) {
        holds.merge(model, -1, Integer::sum);
        released.add(new Released(model, keepAliveSeconds, answered));
    }

    @Override
    public void give(Incarnation reader, Command job) {
        given.add(new Given(reader, job.getJob().getTicket(), job.getJob().getBudgetMs()));
    }

    @Override
    public void revoke(Incarnation reader, long ticket) {
        revoked.add(new Revoked(reader, ticket));
    }
}
