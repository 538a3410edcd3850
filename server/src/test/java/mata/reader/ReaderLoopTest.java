package mata.reader;

import static mata.reader.wire.Event.KindCase.FAILURE;
import static mata.reader.wire.Event.KindCase.RESULT;
import static mata.testing.ScriptedModel.picture;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import mata.image.Frame;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.wire.Cancel;
import mata.reader.wire.Command;
import mata.reader.wire.Drain;
import mata.reader.wire.Event;
import mata.reader.wire.Failure;
import mata.reader.wire.Load;
import mata.task.Task;
import mata.testing.ScriptedModel;
import mata.testing.StoppedTime;
import mata.time.SystemTime;
import mata.time.Time;
import mata.vision.Outcome;
import mata.vision.Pipeline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class ReaderLoopTest {

    private static final Load LOAD = Load.newBuilder()
            .setModel("acme/scripted")
            .setConcurrency(1)
            .setMaxBatch(1)
            .setHeartbeatWaitS(10)
            .setLoadBudgetS(600)
            .build();

    private final StoppedTime time = new StoppedTime();
    private final MemoryChannel.Pair pair = MemoryChannel.pair();
    private final Channel<Event, Command> server = pair.server();
    private final HeldModel model = new HeldModel();
    private Thread loop = new Thread();

    @AfterEach
    void endTheReader() throws Exception {
        server.close();
        model.runs.release(100);
        loop.join();
    }

    @Test
    void aReaderGreetsAndLoadsAndWarmsUpAndThenClaimsRoom() throws Exception {
        start(time, _ -> open(model));

        Event hello = receive();
        assertThat(hello.getHello().getReader()).isEqualTo("test-0");
        assertThat(hello.getHello().getIncarnation()).isEqualTo(3);
        assertThat(hello.getHello().getProtocol()).isEqualTo(ReaderLoop.PROTOCOL);

        send(LOAD);

        // H9: signs of life while loading, with a promise that covers it.
        assertThat(receive().getHeartbeat().getWaitS()).isEqualTo(600);
        Event loaded = afterHeartbeats();
        assertThat(loaded.getLoaded().getFamily()).isEqualTo("scripted");
        assertThat(loaded.getLoaded().getDevice()).isEqualTo("cpu");
        assertThat(loaded.getLoaded().getResidentBytes()).isEqualTo(4096);
        assertThat(model.warmUps).isEqualTo(1);
        assertThat(receive().getClaim().getRoom()).isEqualTo(2);
    }

    @Test
    void aModelThatCannotBeLoadedIsSaidSoAndTheReaderEnds() throws Exception {
        start(time, _ -> {
            throw new Rejected(new Problem.BadInput("model.onnx is no graph"));
        });
        receive();
        send(LOAD);

        Failure failure = afterHeartbeats().getFailure();
        assertThat(failure.getTicket()).isZero();
        assertThat(Wire.problem(failure)).isEqualTo(new Problem.BadInput("model.onnx is no graph"));
        assertThat(server.receive()).isEmpty();
    }

    @Test
    void aJobIsAnsweredWithItsTimesAndItsRoomIsClaimedAgain() throws Exception {
        startLoaded(LOAD);
        model.runs.release();

        sendJob(7, "say cat");

        var result = afterHeartbeats().getResult();
        assertThat(result.getTicket()).isEqualTo(7);
        assertThat(ScriptedModel.label(Wire.answer(result).result())).isEqualTo("say cat");
        assertThat(Wire.answer(result).timings()).isEqualTo(new mata.result.Timings(0, 0, 0, 1, 2, 3));
        assertThat(result.getWidth()).isEqualTo(3);
        assertThat(receive().getClaim().getRoom()).isEqualTo(1);
    }

    /** H4, both halves: the promise before the call covers its time, and the one after it is the usual one. */
    @Test
    void aCallIsPromisedBeforeItBeginsAndTheUsualPromiseReturnsAfterwards() throws Exception {
        startLoaded(LOAD);

        sendJob(1, "say cat", Duration.ofMillis(45_300));
        assertThat(receive().getHeartbeat().getWaitS()).isEqualTo(46);

        model.runs.release();
        assertThat(receive().getHeartbeat().getWaitS()).isEqualTo(10);
        assertThat(receive().getResult().getTicket()).isEqualTo(1);
    }

    @Test
    void anIdleReaderGivesSignsOfLifeByItself() throws Exception {
        try (var running = new SystemTime()) {
            start(running, _ -> open(model));
            receive();
            send(LOAD.toBuilder().setHeartbeatWaitS(1).build());
            afterHeartbeats();
            receive();

            assertThat(receive().getHeartbeat().getWaitS()).isEqualTo(1);
            assertThat(receive().getHeartbeat().getWaitS()).isEqualTo(1);
        }
    }

    @Test
    void whatIsNoPictureFailsAloneAndTheReaderGoesOn() throws Exception {
        startLoaded(LOAD);
        model.runs.release();

        sendJob(1, "garbage");
        assertThat(Wire.problem(afterHeartbeats().getFailure()))
                .isEqualTo(new Problem.BadInput("not a picture: garbage"));
        assertThat(receive().getClaim().getRoom()).isEqualTo(1);

        sendJob(2, "say dog");
        assertThat(afterHeartbeats().getResult().getTicket()).isEqualTo(2);
    }

    @Test
    void anUnexpectedFaultOfTheModelFailsItsJobOnly() throws Exception {
        startLoaded(LOAD);
        model.runs.release(2);

        sendJob(1, "throw index 7 out of bounds");
        assertThat(Wire.problem(afterHeartbeats().getFailure())).isEqualTo(new Problem.Broken("index 7 out of bounds"));
        receive();

        sendJob(2, "say dog");
        assertThat(afterHeartbeats().getResult().getTicket()).isEqualTo(2);
    }

    @Test
    void anEngineThatCannotBeUsedAnyMoreEndsTheReader() throws Exception {
        startLoaded(LOAD);
        model.runs.release();

        sendJob(1, "link libonnxruntime is gone");

        Failure failure = afterHeartbeats().getFailure();
        assertThat(failure.getTicket()).isZero();
        assertThat(failure.getKind()).isEqualTo(Failure.Kind.ENGINE_FATAL);
        assertThat(server.receive()).isEmpty();
    }

    @Test
    void theNextPictureIsDecodedWhileThisOneRuns() throws Exception {
        startLoaded(LOAD);

        sendJob(1, "say one");
        model.begun.acquire();
        sendJob(2, "say two");

        model.decoded.acquire(2); // returns only if the second is decoded although the first has not ended
        assertThat(model.batches).containsExactly(List.of("say one"));
    }

    @Test
    void asManyRunAtOnceAsWereAskedFor() throws Exception {
        startLoaded(LOAD.toBuilder().setConcurrency(2).build());

        sendJob(1, "say one");
        sendJob(2, "say two");

        model.begun.acquire(2); // returns only if both are under way
        assertThat(model.batches).containsExactlyInAnyOrder(List.of("say one"), List.of("say two"));
    }

    @Test
    void jobsThatWaitForARunShareTheNextOne() throws Exception {
        startLoaded(LOAD.toBuilder().setMaxBatch(8).build());
        sendJob(1, "say one");
        model.begun.acquire();
        sendJob(2, "say two");
        sendJob(3, "say three");
        sendJob(4, "say four");
        afterAllAreDecoded();

        model.runs.release(2);

        assertThat(answers(4)).isEqualTo(Map.of(1L, RESULT, 2L, RESULT, 3L, RESULT, 4L, RESULT));
        assertThat(model.batches).containsExactly(List.of("say one"), List.of("say two", "say three", "say four"));
    }

    @Test
    void nobodyFailsForTheCompanyHeWasIn() throws Exception {
        startLoaded(LOAD.toBuilder().setMaxBatch(8).build());
        sendJob(1, "say one");
        model.begun.acquire();
        sendJob(2, "say two");
        sendJob(3, "throw me");
        afterAllAreDecoded();

        model.runs.release(4);

        assertThat(answers(3)).isEqualTo(Map.of(1L, RESULT, 2L, RESULT, 3L, FAILURE));
        assertThat(model.batches).contains(List.of("say two", "throw me"));
    }

    @Test
    void aWaitingJobThatIsCancelledNeverRuns() throws Exception {
        startLoaded(LOAD);
        sendJob(1, "say one");
        model.begun.acquire();
        sendJob(2, "say two");
        model.decoded.acquire(2);

        server.send(
                Command.newBuilder().setCancel(Cancel.newBuilder().setTicket(2)).build());

        Failure failure = afterHeartbeats().getFailure();
        assertThat(failure.getTicket()).isEqualTo(2);
        assertThat(failure.getKind()).isEqualTo(Failure.Kind.CANCELLED);
        assertThat(receive().getClaim().getRoom()).isEqualTo(1);
        model.runs.release(2);
        assertThat(afterHeartbeats().getResult().getTicket()).isEqualTo(1);
        assertThat(model.batches).containsExactly(List.of("say one"));
    }

    @Test
    void aJobWhoseTimeIsOverBeforeItBeginsIsNotBegun() throws Exception {
        var decoding = new CountDownLatch(1);
        start(time, _ -> open(model), picture -> {
            model.decoding.release();
            await(decoding);
            return model.decode(picture);
        });
        receive();
        send(LOAD);
        afterHeartbeats();
        receive();
        sendJob(1, "say one", Duration.ofSeconds(60));
        sendJob(2, "say two", Duration.ofSeconds(60));
        sendJob(3, "say three", Duration.ofSeconds(2));
        model.runs.release(3);
        model.decoding.acquire(2); // both workers are inside the decoder now

        time.advance(Duration.ofSeconds(3));
        decoding.countDown();

        assertThat(answers(3)).isEqualTo(Map.of(1L, RESULT, 2L, RESULT, 3L, FAILURE));
    }

    @Test
    void aDrainingReaderAnswersWhatItHasAndEndsAndClosesItsModel() throws Exception {
        startLoaded(LOAD);
        sendJob(1, "say one");
        sendJob(2, "say two");
        model.begun.acquire();

        server.send(Command.newBuilder().setDrain(Drain.getDefaultInstance()).build());
        model.runs.release(2);

        assertThat(answers(2)).isEqualTo(Map.of(1L, RESULT, 2L, RESULT));
        while (server.receive().isPresent()) {} // promises and claims
        loop.join();
        assertThat(model.closed).isTrue();
    }

    @Test
    void anIdleReaderThatIsDrainedEndsAtOnce() throws Exception {
        startLoaded(LOAD);

        server.send(Command.newBuilder().setDrain(Drain.getDefaultInstance()).build());

        assertThat(server.receive()).isEmpty();
        loop.join();
        assertThat(model.closed).isTrue();
    }

    @Test
    void aReaderWhoseServerIsGoneEndsAndClosesItsModel() throws Exception {
        startLoaded(LOAD);

        server.close();

        loop.join();
        assertThat(model.closed).isTrue();
    }

    // ---- the other side of the conversation

    private void start(Time time, ModelLoader loader) {
        start(time, loader, model::decode);
    }

    private void start(Time time, ModelLoader loader, java.util.function.Function<byte[], Frame> decoder) {
        var parts = new ReaderLoop.Parts(loader, (picture, _) -> decoder.apply(picture), time, () -> 4096);
        loop = Thread.ofPlatform().start(() -> new ReaderLoop("test-0", 3, pair.reader(), parts).run());
    }

    private void startLoaded(Load load) throws IOException {
        start(time, _ -> open(model));
        assertThat(receive().hasHello()).isTrue();
        send(load);
        assertThat(afterHeartbeats().hasLoaded()).isTrue();
        assertThat(receive().hasClaim()).isTrue();
    }

    private static OpenModel open(Pipeline pipeline) {
        return new OpenModel(pipeline, "scripted", "cpu");
    }

    private void send(Load load) throws IOException {
        server.send(Command.newBuilder().setLoad(load).build());
    }

    private void sendJob(long ticket, String script) throws IOException {
        sendJob(ticket, script, Duration.ofSeconds(5));
    }

    private void sendJob(long ticket, String script, Duration budget) throws IOException {
        server.send(Wire.job(ticket, Task.CLASSIFY, picture(script), "", budget));
    }

    private Event receive() {
        return server.receive().orElseThrow();
    }

    private Event afterHeartbeats() {
        Event event = receive();
        return event.hasHeartbeat() ? afterHeartbeats() : event;
    }

    /** So many answers, by ticket, in whatever order they come. */
    private Map<Long, Event.KindCase> answers(int count) {
        Map<Long, Event.KindCase> answers = new HashMap<>();
        while (answers.size() < count) {
            Event event = receive();
            if (event.hasResult()) {
                answers.put(event.getResult().getTicket(), event.getKindCase());
            } else if (event.hasFailure()) {
                answers.put(event.getFailure().getTicket(), event.getKindCase());
            }
        }
        return answers;
    }

    /** While one worker is held in a run, the other decodes in order: once the last is refused, those before it wait decoded. */
    private void afterAllAreDecoded() throws IOException {
        sendJob(99, "garbage");
        assertThat(answers(1)).containsOnlyKeys(99L);
        assertThat(receive().hasClaim()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs only as often as it is released, and remembers which scripts ran together. */
    private static final class HeldModel implements Pipeline {

        private final ScriptedModel scripted = new ScriptedModel(8);
        private final Semaphore decoding = new Semaphore(0);
        private final Semaphore decoded = new Semaphore(0);
        private final Semaphore begun = new Semaphore(0);
        private final Semaphore runs = new Semaphore(0);
        private final List<List<String>> batches = Collections.synchronizedList(new ArrayList<>());
        private volatile int warmUps;
        private volatile boolean closed;

        Frame decode(byte[] picture) {
            Frame frame = ScriptedModel.decode(picture, 1000);
            decoded.release();
            return frame;
        }

        @Override
        public Outcome infer(Frame frame, Params params) {
            hold(List.of(frame));
            return scripted.infer(frame, params);
        }

        @Override
        public List<Outcome> inferAll(List<Frame> frames, List<Params> params) {
            hold(frames);
            return scripted.inferAll(frames, params);
        }

        private void hold(List<Frame> frames) {
            batches.add(frames.stream().map(ScriptedModel::script).toList());
            begun.release();
            runs.acquireUninterruptibly();
        }

        @Override
        public int maxBatch() {
            return 8;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread warms up
        public void warmUp() {
            warmUps++;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
