package mata.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import mata.fleet.FleetOptions;
import mata.fleet.Memory;
import mata.fleet.ProcessCarrier;
import mata.fleet.ReaderFleet;
import mata.fleet.ReaderView;
import mata.fleet.Reason;
import mata.hub.HubCache;
import mata.hub.ModelPlaces;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.UnixChannel;
import mata.reader.wire.Command;
import mata.reader.wire.Load;
import mata.registry.RegisteredModel;
import mata.result.Answer;
import mata.task.ModelRef;
import mata.task.ModelState;
import mata.task.Task;
import mata.testing.MemoryRegistry;
import mata.testing.ScriptedModel;
import mata.testing.ScriptedReaderProcess;
import mata.time.SystemTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Scheduler, fleet and real reader processes together: what is killed, stopped, hung, crashed and left alone. */
@Timeout(60)
final class ReaderProcessTest {

    private static final ModelRef MODEL = new ModelRef("acme/scripted");

    /** As the page has it, only quicker: a reader promises a sign of life every second. */
    private static final FleetOptions OPTIONS = FleetOptions.defaults(2)
            .with(new FleetOptions.Beats(
                    Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(20), Duration.ofSeconds(10)));

    @TempDir
    private Path folder;

    private final SystemTime time = new SystemTime();
    private final MemoryRegistry registry = new MemoryRegistry();
    private Optional<ReaderFleet> running = Optional.empty();
    private Optional<FifoScheduler> scheduling = Optional.empty();

    @BeforeEach
    void registerAModelThatLoadsWell() {
        register("at once");
    }

    @AfterEach
    void end() {
        List<ProcessHandle> left = running.map(ReaderProcessTest::processes).orElse(List.of());
        scheduling.ifPresent(FifoScheduler::close);
        running.ifPresent(ReaderFleet::close);
        time.close();
        assertThat(left).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aModelIsLoadedByItsFirstRequestInAProcessOfItsOwn() throws Exception {
        start(OPTIONS);

        Answer answer = infer("say cat");

        assertThat(ScriptedModel.label(answer.result())).isEqualTo("say cat");
        assertThat(answer.width()).isEqualTo(3);
        assertThat(answer.timings().loadMs()).isPositive();
        assertThat(answer.timings().runMs()).isEqualTo(2);
        ReaderView reader = reader();
        assertThat(reader.state()).isEqualTo(ReaderView.State.LIVE);
        assertThat(reader.pids())
                .hasSize(1)
                .doesNotContain(ProcessHandle.current().pid());
        assertThat(reader.residentBytes()).isBetween(10L << 20, 500L << 20);
        assertThat(fleet().models()).singleElement().satisfies(view -> {
            assertThat(view.state()).isEqualTo(ModelState.IDLE);
            assertThat(view.memoryBytes()).isEqualTo(reader.residentBytes());
            assertThat(view.device()).isEqualTo("cpu");
        });
    }

    @Test
    void aHundredAtOnceCauseOneLoad() throws Exception {
        register("sleep 300");
        start(OPTIONS);

        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> calls = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                String script = "say " + i;
                calls.add(() -> infer(script));
            }
            List<Future<Answer>> answers = callers.invokeAll(calls);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(ScriptedModel.label(answers.get(i).get().result())).isEqualTo("say " + i);
            }
        }

        assertThat(fleet().models().getFirst().loads()).isEqualTo(1);
        assertThat(reader().incarnation()).isEqualTo(1);
        await().until(() -> reader().served() == 100 && reader().inHand() == 0);
    }

    @Test
    void unloadingReturnsWhenTheProcessHasEnded() throws Exception {
        start(OPTIONS);
        fleet().load(MODEL);
        ProcessHandle process = process();

        assertThat(fleet().unload(MODEL)).isTrue();

        assertThat(process.isAlive()).isFalse();
        assertThat(fleet().readers()).isEmpty();
        assertThat(fleet().unload(MODEL)).isFalse();
    }

    @Test
    void aModelThatIsNotToStayIsGoneAfterItsAnswer() throws Exception {
        start(OPTIONS);

        Answer answer = scheduler()
                .submit(job("say cat", Duration.ofSeconds(30), OptionalInt.of(0)))
                .await();

        assertThat(ScriptedModel.label(answer.result())).isEqualTo("say cat");
        await().until(() -> fleet().readers().isEmpty());
        assertThat(fleet().models().getFirst().lastEnd()).isEqualTo("keep_alive");
    }

    @Test
    void aReaderThatIsKilledIsNoticedAndReplaced() throws Exception {
        start(OPTIONS);
        infer("say cat");

        process().destroyForcibly();

        await().pollInterval(Duration.ofMillis(5)).until(() -> reader().state() == ReaderView.State.DEAD);
        assertThat(reader().reason()).contains(Reason.EXITED);
        assertThat(reader().message()).contains("reader scripted-0 ended by signal 9");
        assertThat(ScriptedModel.label(infer("say dog").result())).isEqualTo("say dog");
        assertThat(reader().incarnation()).isEqualTo(2);
        assertThat(reader().restarts()).isEqualTo(1);
    }

    @Test
    void aJobWhoseReaderDiesIsGivenToTheNextOne() throws Exception {
        start(OPTIONS);

        Answer answer = infer("once " + folder.resolve("done"));

        assertThat(ScriptedModel.label(answer.result())).startsWith("once");
        assertThat(reader().incarnation()).isEqualTo(2);
    }

    @Test
    void aJobThatKillsItsReadersIsGivenUpAfterTwo() throws Exception {
        start(OPTIONS);

        assertThatThrownBy(() -> infer("halt 3"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        lost -> assertThat(lost.problem())
                                .isEqualTo(new Problem.ReaderLost("reader scripted-0 ended with exit code 3")));
    }

    @Test
    void aCrashOfNativeCodeIsTheReadersAlone() throws Exception {
        start(OPTIONS);

        assertThatThrownBy(() -> infer("crash"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        lost -> assertThat(lost.problem())
                                .isEqualTo(new Problem.ReaderLost("reader scripted-0 ended by signal 6")));
        assertThat(ScriptedModel.label(infer("say cat").result())).isEqualTo("say cat");
    }

    @Test
    void aSuspendedReaderIsDeadBySilenceAndLiveAgainWhenItIsResumed() throws Exception {
        start(OPTIONS);
        infer("say cat");

        signal("STOP");
        await().until(() -> reader().state() == ReaderView.State.DEAD);
        assertThat(reader().reason()).contains(Reason.SILENT);
        signal("CONT");

        await().until(() -> reader().state() == ReaderView.State.LIVE);
        assertThat(reader().incarnation()).isEqualTo(1);
        assertThat(ScriptedModel.label(infer("say dog").result())).isEqualTo("say dog");
        assertThat(fleet().models().getFirst().loads()).isEqualTo(1);
    }

    /** Its time is over before the reader may be given up, so the caller hears of that; the reader is replaced all the same. */
    @Test
    void aReaderThatHangsInACallIsEndedAndReplaced() throws Exception {
        start(OPTIONS);
        infer("say cat");

        Ticket hung = scheduler().submit(job("hang", Duration.ofMillis(500), OptionalInt.empty()));
        assertThatThrownBy(hung::await)
                .isInstanceOfSatisfying(
                        Rejected.class, late -> assertThat(late.problem()).isInstanceOf(Problem.DeadlinePassed.class));

        await().atMost(20, TimeUnit.SECONDS).until(() -> reader().incarnation() == 2);
        assertThat(ScriptedModel.label(infer("say dog").result())).isEqualTo("say dog");
    }

    @Test
    void aBadPictureFailsAloneAndTheReaderGoesOn() throws Exception {
        start(OPTIONS);

        assertThatThrownBy(() -> infer("garbage"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        bad -> assertThat(bad.problem()).isEqualTo(new Problem.BadInput("not a picture: garbage")));
        assertThat(ScriptedModel.label(infer("say cat").result())).isEqualTo("say cat");
        assertThat(reader().incarnation()).isEqualTo(1);
    }

    @Test
    void aModelThatCannotBeLoadedFailsWhoeverWaitsForItWithWhy() {
        register("refuse model.onnx is no graph");
        start(OPTIONS);

        var why = new Problem.BadInput("model.onnx is no graph");
        assertThatThrownBy(() -> fleet().load(MODEL))
                .isInstanceOfSatisfying(
                        Rejected.class, failed -> assertThat(failed.problem()).isEqualTo(why));
        assertThatThrownBy(() -> infer("say cat"))
                .isInstanceOfSatisfying(
                        Rejected.class, failed -> assertThat(failed.problem()).isEqualTo(why));
        assertThat(reader().reason()).contains(Reason.LOAD_FAILED);
        await().untilAsserted(() -> assertThat(reader().logTail()).anyMatch(line -> line.contains("is no graph")));
    }

    @Test
    void aModelThatDoesNotFitIsSaidSo() {
        register("fill the device has 2 GB");
        start(OPTIONS);

        assertThatThrownBy(() -> fleet().load(MODEL))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        failed ->
                                assertThat(failed.problem()).isEqualTo(new Problem.OutOfMemory("the device has 2 GB")));
    }

    @Test
    void aProcessThatDiesWhileLoadingFailsWhoeverWaitsForIt() {
        register("halt 7");
        start(OPTIONS);

        assertThatThrownBy(() -> infer("say cat"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        failed -> assertThat(failed.problem())
                                .isEqualTo(new Problem.Broken("reader scripted-0 ended with exit code 7")));
    }

    @Test
    void aModelThatLoadsTooLongIsGivenUp() {
        register("hang");
        start(OPTIONS.with(new FleetOptions.Beats(
                Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(10))));

        assertThatThrownBy(() -> fleet().load(MODEL))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        failed -> assertThat(failed.problem())
                                .isEqualTo(new Problem.Broken("reader scripted-0 did not load within 2 s")));
        assertThat(reader().reason()).contains(Reason.LOAD_TIMEOUT);
    }

    @Test
    void aProgramThatIsNotThereIsSaidSo() {
        start(OPTIONS, new ProcessCarrier((_, _) -> List.of("/no/such/program")));

        assertThatThrownBy(() -> fleet().load(MODEL))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        failed -> assertThat(failed.problem().detail())
                                .startsWith("reader scripted-0 could not be started: ")
                                .contains("/no/such/program"));
    }

    @Test
    void aModelThatNobodyRegisteredIsMissing() {
        start(OPTIONS);

        assertThatThrownBy(() -> fleet().load(new ModelRef("acme/unknown")))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        failed -> assertThat(failed.problem())
                                .isEqualTo(new Problem.Missing("Model not found: acme/unknown")));
    }

    @Test
    void closingLetsWorkInHandFinish() throws Exception {
        start(OPTIONS);
        infer("say cat");
        ProcessHandle process = process();
        Ticket ticket = scheduler().submit(job("sleep 400", Duration.ofSeconds(30), OptionalInt.empty()));
        await().until(() -> reader().inHand() == 1);

        fleet().close();

        assertThat(ScriptedModel.label(ticket.await().result())).isEqualTo("sleep 400");
        assertThat(process.isAlive()).isFalse();
    }

    /** A server that is ended by kill -9 closes its sockets too: the system does that for it. */
    @Test
    void aReaderWhoseServerIsGoneEndsEvenWhileItHangs() throws Exception {
        Path socket = folder.resolve("socket");
        Process process;
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            process = new ProcessBuilder(ScriptedReaderProcess.commandLine(socket, "lonely-0", 1))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (var reader = UnixChannel.accepted(listening.accept())) {
                assertThat(reader.receive().orElseThrow().hasHello()).isTrue();
                reader.send(Command.newBuilder()
                        .setLoad(Load.newBuilder()
                                .setHeartbeatWaitS(10)
                                .setLoadBudgetS(10)
                                .putSettings("load", "hang"))
                        .build());
                assertThat(reader.receive().orElseThrow().hasHeartbeat()).isTrue();
            }
        }

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    // ---- steps

    private void register(String load) {
        registry.put(new RegisteredModel(
                MODEL, Task.CLASSIFY, RegisteredModel.Source.HF, Optional.of(folder), Map.of("load", load)));
    }

    private void start(FleetOptions options) {
        start(
                options,
                new ProcessCarrier((socket, reader) -> ScriptedReaderProcess.commandLine(
                        socket, reader.reader().name(), reader.number())));
    }

    private void start(FleetOptions options, ProcessCarrier carrier) {
        var places = new ModelPlaces(new HubCache(folder.resolve("cache")), folder.resolve("starters"));
        var fleet = new ReaderFleet(options, registry, places, carrier, () -> new Memory(1L << 30, 1L << 40), time);
        var scheduler = new FifoScheduler(fleet, time, 1000);
        scheduler.start();
        fleet.start();
        running = Optional.of(fleet);
        scheduling = Optional.of(scheduler);
    }

    private ReaderFleet fleet() {
        return running.orElseThrow();
    }

    private FifoScheduler scheduler() {
        return scheduling.orElseThrow();
    }

    private Answer infer(String script) throws InterruptedException {
        return scheduler()
                .submit(job(script, Duration.ofSeconds(30), OptionalInt.empty()))
                .await();
    }

    private static Job job(String script, Duration limit, OptionalInt keepAlive) {
        return new Job(MODEL, Task.CLASSIFY, ScriptedModel.picture(script), Params.NONE, limit, keepAlive);
    }

    private ReaderView reader() {
        return fleet().readers().getFirst();
    }

    private ProcessHandle process() {
        return processes(fleet()).getFirst();
    }

    private static List<ProcessHandle> processes(ReaderFleet fleet) {
        return fleet.readers().stream()
                .flatMap(reader -> reader.pids().stream())
                .map(ProcessHandle::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private void signal(String name) throws IOException, InterruptedException {
        String pid = String.valueOf(process().pid());
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }
}
