package mata.fleet;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import mata.task.ModelRef;
import mata.task.Task;

/**
 * One reader at one moment, as it is shown.
 *
 * @param since when it entered its state
 * @param pids the processes that do, or last did, its work
 * @param device where it landed; until it is loaded, what was asked for
 * @param reason why it is dead; empty unless it is
 * @param logTail the last lines it wrote; empty unless it has ended
 * @param inHand jobs it was given and has not answered
 * @param residentBytes as it told last; 0 where nobody knows
 */
public record ReaderView(
        ReaderId id,
        int incarnation,
        State state,
        Instant since,
        ModelRef model,
        Task task,
        String device,
        List<String> groups,
        List<Long> pids,
        Optional<Heartbeat> lastHeartbeat,
        Optional<Reason> reason,
        Optional<String> message,
        List<String> logTail,
        int restarts,
        int inHand,
        long served,
        long failed,
        long residentBytes,
        Duration loadTime) {

    /** States of readers-status 6.1; the last one shows in none of the maps of {@code /status}. */
    public enum State {
        LOADING,
        LIVE,
        DEAD,
        DRAINING;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param promise how long it may stay silent after this */
    public record Heartbeat(Instant at, Duration promise) {}

    static ReaderView of(Reader reader) {
        Optional<Phase.Dead> death = reader.phase() instanceof Phase.Dead dead ? Optional.of(dead) : Optional.empty();
        Reader.Facts facts = reader.facts();
        return new ReaderView(
                reader.id(),
                reader.incarnation().number(),
                state(reader.phase()),
                reader.since().wall(),
                reader.spec().model(),
                reader.spec().task(),
                facts.landing().device(),
                reader.spec().groups(),
                facts.pids(),
                facts.beat().map(beat -> new Heartbeat(beat.at().wall(), beat.promise())),
                death.map(Phase.Dead::reason),
                death.map(Phase.Dead::message),
                facts.logTail(),
                reader.counts().restarts(),
                facts.work().inHand(),
                reader.counts().served(),
                reader.counts().failed(),
                facts.residentBytes(),
                facts.landing().loadTime());
    }

    private static State state(Phase phase) {
        return switch (phase) {
            case Phase.Loading _ -> State.LOADING;
            case Phase.Live _ -> State.LIVE;
            case Phase.Dead _ -> State.DEAD;
            case Phase.Draining _ -> State.DRAINING;
        };
    }
}
