package mata.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import mata.hub.ModelPlaces;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.reader.Wire;
import mata.reader.wire.Cancel;
import mata.reader.wire.Command;
import mata.reader.wire.Drain;
import mata.reader.wire.Event;
import mata.reader.wire.Failure;
import mata.reader.wire.Load;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.time.Bell;
import mata.time.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fleet at work: everything that happens becomes an event, {@link FleetState} says what is believed then and what has to be
 * done, and this class does it. Events are taken one at a time, on the thread of whoever brings one; nothing here waits but
 * {@link #load}, {@link #unload} and {@link #close}.
 */
public final class ReaderFleet implements Fleet, Readers, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderFleet.class);

    /** A reader takes so much beyond its model: Java, the engine, decoded pictures. */
    private static final long READER_BYTES = 120L << 20;

    private final FleetOptions options;
    private final Registry registry;
    private final ModelPlaces places;
    private final Carrier carrier;
    private final MemoryProbe memory;
    private final Time time;
    private final Mailbox<FleetEvent> mailbox = new Mailbox<>(this::handle);
    private volatile FleetState state; // written by the mailbox's reader alone
    private final Map<Incarnation, Carrier.Link> links = new ConcurrentHashMap<>();
    private final Waiters<ModelRef> loads = new Waiters<>();
    private final Waiters<Boolean> unloads = new Waiters<>();
    private final Object ends = new Object();
    private final Bell bell; // the mailbox's reader's alone
    private volatile Optional<Listener> listener = Optional.empty();
    private volatile boolean closing;

    public ReaderFleet(
            FleetOptions options,
            Registry registry,
            ModelPlaces places,
            Carrier carrier,
            MemoryProbe memory,
            Time time) {
        this.options = options;
        this.registry = registry;
        this.places = places;
        this.carrier = carrier;
        this.memory = memory;
        this.time = time;
        this.bell = new Bell(time, () -> mailbox.post(new FleetEvent.Passed()));
        FleetOptions.Stay stay = options.stay();
        this.state = new FleetState(
                ReaderTable.empty(new ReaderTable.Rules(options.beats().drain())),
                Models.none(
                        new Models.Rules(stay.keepAlive(), stay.maxLoadedModels(), stay.memoryShare(), stay.pinned())));
    }

    /** Begins to look for silent readers, and to load what is to be there from the start; returns at once. */
    public void start() {
        if (!options.beats().check().isZero()) {
            lookLater();
        }
        options.stay().preload().forEach(model -> mailbox.post(new FleetEvent.OfModel.Wanted(model)));
    }

    private void lookLater() {
        time.at(time.elapsed().plus(options.beats().check()), () -> {
            mailbox.post(new FleetEvent.Look());
            if (!closing) {
                lookLater();
            }
        });
    }

    /** Drains all readers, ends those that take too long, and returns when none is left. */
    @Override
    public void close() {
        closing = true;
        state.readers().all().forEach(reader -> mailbox.post(new FleetEvent.OfReader.Deleted(reader.id())));
        try {
            awaitEnds(options.beats().drain());
            links.values().forEach(Carrier.Link::kill);
            awaitEnds(options.beats().drain());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            links.values().forEach(Carrier.Link::kill);
        }
        carrier.close();
    }

    private void awaitEnds(Duration longest) throws InterruptedException {
        Duration latest = time.elapsed().plus(longest);
        synchronized (ends) {
            while (!links.isEmpty() && time.elapsed().compareTo(latest) < 0) {
                ends.wait(Math.max(1, latest.minus(time.elapsed()).toMillis()));
            }
        }
    }

    // ---- for people

    @Override
    public void load(ModelRef model) throws InterruptedException {
        registered(model);
        CompletableFuture<ModelRef> ready = loads.join(model);
        mailbox.post(new FleetEvent.OfModel.Wanted(model));
        Waiters.await(ready);
    }

    @Override
    public boolean unload(ModelRef model) throws InterruptedException {
        CompletableFuture<Boolean> gone = unloads.join(model);
        mailbox.post(new FleetEvent.OfModel.Unwanted(model));
        return Waiters.await(gone);
    }

    @Override
    public List<LoadedModelView> models() {
        FleetState now = state;
        return now.models().views(now.readers());
    }

    /** All readers at one moment, by name. */
    public List<ReaderView> readers() {
        return state.readers()
                .all()
                .map(ReaderView::of)
                .sorted(Comparator.comparing(ReaderView::id))
                .toList();
    }

    // ---- for the scheduler

    @Override
    public void listen(Listener other) {
        listener = Optional.of(other);
    }

    @Override
    public void hold(ModelRef model) {
        mailbox.post(new FleetEvent.OfModel.Held(model));
    }

    @Override
    public void release(ModelRef model, OptionalInt keepAliveSeconds, boolean answered) {
        Optional<Duration> keepAlive = keepAliveSeconds.isPresent()
                ? Optional.of(Duration.ofSeconds(keepAliveSeconds.getAsInt())).filter(stay -> !stay.isNegative())
                : options.stay().keepAlive();
        mailbox.post(new FleetEvent.OfModel.Released(model, keepAlive, answered));
    }

    @Override
    public void give(Incarnation reader, Command job) {
        send(reader, job);
    }

    @Override
    public void revoke(Incarnation reader, long ticket) {
        send(
                reader,
                Command.newBuilder()
                        .setCancel(Cancel.newBuilder().setTicket(ticket))
                        .build());
    }

    private void send(Incarnation reader, Command command) {
        Carrier.Link link = links.get(reader);
        if (link != null) {
            link.send(command);
        }
    }

    // ---- one event at a time

    private void handle(FleetEvent event) {
        try {
            if (event instanceof FleetEvent.Passed) {
                bell.rung();
            }
            FleetState.Step step = state.on(event, new Moment(time.elapsed(), time.wall()));
            state = step.state();
            step.effects().forEach(this::perform);
            if (mayMoveDeadline(event)) {
                state.deadline().ifPresent(bell::ringBy);
            }
        } catch (RuntimeException e) {
            LOG.error("while handling {}", event, e);
        }
    }

    private static boolean mayMoveDeadline(FleetEvent event) {
        return switch (event) {
            case FleetEvent.OfReader.Claimed _, FleetEvent.OfReader.Taken _, FleetEvent.OfReader.Answered _ -> false;
            case FleetEvent.OfReader _, FleetEvent.OfModel _, FleetEvent.Look _, FleetEvent.Passed _ -> true;
        };
    }

    private void perform(Effect effect) {
        try {
            switch (effect) {
                case Effect.OfReader ofReader -> perform(ofReader);
                case Effect.OfModel ofModel -> perform(ofModel);
            }
        } catch (RuntimeException e) {
            LOG.error("while doing {}", effect, e);
        }
    }

    private void perform(Effect.OfReader effect) {
        Incarnation reader = effect.reader();
        switch (effect) {
            case Effect.OfReader.Start(var _, var spec) -> begin(reader, spec);
            case Effect.OfReader.Drain _ ->
                send(
                        reader,
                        Command.newBuilder()
                                .setDrain(Drain.getDefaultInstance())
                                .build());
            case Effect.OfReader.Kill _ ->
                Optional.ofNullable(links.get(reader)).ifPresent(Carrier.Link::kill);
            case Effect.OfReader.Opened(var _, var spec, var room, var revived) -> {
                LOG.info("reader {} of {} {}", reader, spec.model(), revived ? "is heard again" : "is live");
                listener.ifPresent(hears -> hears.opened(reader, spec.model(), room));
            }
            case Effect.OfReader.Room(var _, var _, var more) -> listener.ifPresent(hears -> hears.room(reader, more));
            case Effect.OfReader.Closed _ -> listener.ifPresent(hears -> hears.closed(reader));
            case Effect.OfReader.Lost(var _, var spec, var reason, var problem, var _) -> {
                // One that was let go leaves in peace; only its unfinished work, if any, is lost.
                if (state.readers().find(reader).isPresent()) {
                    LOG.warn("reader {} of {} is dead ({}): {}", reader, spec.model(), reason.word(), problem.detail());
                }
                listener.ifPresent(hears -> hears.lost(reader, problem));
            }
            case Effect.OfReader.Gone(var _, var spec) -> LOG.info("reader {} of {} is gone", reader, spec.model());
        }
    }

    private void perform(Effect.OfModel effect) {
        switch (effect) {
            case Effect.OfModel.Measure(var model, var knownBytes) ->
                Thread.ofVirtual().name("measure-" + model).start(() -> mailbox.post(measure(model, knownBytes)));
            case Effect.OfModel.Ready(var model) -> loads.complete(model, model);
            case Effect.OfModel.Unservable(var model, var problem) -> {
                LOG.warn("{} cannot be used: {}", model, problem.detail());
                loads.fail(model, problem);
                listener.ifPresent(hears -> hears.unservable(model, problem));
            }
            case Effect.OfModel.Unloaded(var model, var there) -> unloads.complete(model, there);
        }
    }

    // ---- bringing readers to life

    private FleetEvent measure(ModelRef ref, Optional<Long> knownBytes) {
        try {
            if (closing) {
                throw new Rejected(new Problem.Busy("the server is shutting down", Duration.ofSeconds(5)));
            }
            RegisteredModel model = registered(ref);
            Path folder =
                    places.folder(model).orElseThrow(() -> new Rejected(new Problem.BadInput(withoutFiles(model))));
            long need = knownBytes.orElseGet(() -> guess(places.bytes(model)));
            return new FleetEvent.OfModel.Measured(ref, spec(model, folder), need, memory.look());
        } catch (Rejected e) {
            return new FleetEvent.OfModel.Unusable(ref, e.problem());
        } catch (RuntimeException e) {
            LOG.error("cannot find out what {} needs", ref, e);
            return new FleetEvent.OfModel.Unusable(ref, new Problem.Broken("cannot load " + ref + ": " + e));
        }
    }

    private static String withoutFiles(RegisteredModel model) {
        return model.source() == RegisteredModel.Source.PIP
                ? model.model() + " is registered, but this release cannot run it: for text, pull rapidocr --task ocr"
                : "the files of " + model.model() + " are not on this machine: pull it again";
    }

    private RegisteredModel registered(ModelRef model) {
        return registry.find(model).orElseThrow(() -> new Rejected(new Problem.Missing("Model not found: " + model)));
    }

    /** Weights, what the engine makes of them, and the rest of a process. */
    private static long guess(OptionalLong fileBytes) {
        return fileBytes.orElse(0) * 3 / 2 + READER_BYTES;
    }

    private ReaderSpec spec(RegisteredModel model, Path folder) {
        return new ReaderSpec(
                model.model(),
                model.task(),
                folder,
                model.settings(),
                options.running().device(),
                List.of(group(model.model())),
                false,
                options.beats().promise(),
                options.beats().load());
    }

    /** Readers-status section 7: a model without an explicit group has one named after it. */
    private static String group(ModelRef model) {
        return model.shortName().substring(0, Math.min(64, model.shortName().length()));
    }

    private void begin(Incarnation reader, ReaderSpec spec) {
        if (closing) {
            return;
        }
        LOG.info("reader {} of {} starts", reader, spec.model());
        FleetOptions.Running running = options.running();
        Load load = Load.newBuilder()
                .setModel(spec.model().id())
                .setTask(spec.task().word())
                .setFolder(spec.folder().toString())
                .setDevice(spec.device())
                .setDtype(spec.settings().getOrDefault("dtype", running.dtype()))
                .setThreads(running.threads())
                .setConcurrency(running.concurrency())
                .setMaxBatch(running.maxBatch())
                .setBatchDelayMs(Math.toIntExact(running.batchDelay().toMillis()))
                .setHeartbeatWaitS(Math.toIntExact(spec.heartbeatWait().toSeconds()))
                .setEngineCache(running.engineCache().map(Path::toString).orElse(""))
                .putAllSettings(spec.settings())
                .setMaxImagePixels(running.maxImagePixels())
                .setLoadBudgetS(Math.toIntExact(spec.loadTimeout().toSeconds()))
                .build();
        links.put(reader, carrier.start(reader, load, new Ear(reader)));
    }

    /** Hears one reader. Answers go straight to whoever waits for them; all else becomes an event. */
    private final class Ear implements Carrier.Ear {

        private final Incarnation reader;

        Ear(Incarnation reader) {
            this.reader = reader;
        }

        @Override
        public void started(List<Long> pids) {
            mailbox.post(new FleetEvent.OfReader.Started(reader, pids));
        }

        @Override
        public void giving(int jobs) {
            mailbox.post(new FleetEvent.OfReader.Taken(reader, jobs));
        }

        @Override
        public void said(Event event) {
            switch (event.getKindCase()) {
                case HEARTBEAT ->
                    mailbox.post(new FleetEvent.OfReader.Beat(
                            reader,
                            Duration.ofSeconds(event.getHeartbeat().getWaitS()),
                            event.getHeartbeat().getResidentBytes()));
                case LOADED ->
                    mailbox.post(new FleetEvent.OfReader.Loaded(
                            reader,
                            event.getLoaded().getDevice(),
                            event.getLoaded().getFamily(),
                            Duration.ofMillis(event.getLoaded().getLoadMs()),
                            event.getLoaded().getResidentBytes()));
                case CLAIM ->
                    mailbox.post(new FleetEvent.OfReader.Claimed(
                            reader, event.getClaim().getRoom()));
                case RESULT -> answered(event.getResult());
                case FAILURE -> failed(event.getFailure());
                case HELLO, PARTIAL, KIND_NOT_SET -> LOG.debug("reader {} said {}", reader, event);
            }
        }

        private void answered(mata.reader.wire.Result result) {
            listener.ifPresent(hears -> {
                try {
                    hears.answered(reader, result.getTicket(), Wire.answer(result));
                } catch (IllegalArgumentException e) {
                    hears.failed(
                            reader,
                            result.getTicket(),
                            new Problem.Broken("an answer that is none: " + e.getMessage()));
                }
            });
            mailbox.post(new FleetEvent.OfReader.Answered(reader, true));
        }

        private void failed(Failure failure) {
            Problem problem = Wire.problem(failure);
            if (failure.getTicket() == 0) {
                mailbox.post(new FleetEvent.OfReader.Failed(reader, problem));
            } else {
                listener.ifPresent(hears -> hears.failed(reader, failure.getTicket(), problem));
                mailbox.post(new FleetEvent.OfReader.Answered(reader, false));
            }
        }

        @Override
        public void ended(String how, List<String> logTail) {
            mailbox.post(new FleetEvent.OfReader.Exited(reader, how, logTail));
            synchronized (ends) {
                links.remove(reader);
                ends.notifyAll();
            }
        }
    }
}
