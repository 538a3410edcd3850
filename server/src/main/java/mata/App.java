package mata;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mata.auth.Gate;
import mata.cli.ModelStore;
import mata.cli.ReaderParts;
import mata.cli.ServerStart;
import mata.config.ApiKeyFile;
import mata.config.Installation;
import mata.config.Setting;
import mata.config.Settings;
import mata.fleet.Carrier;
import mata.fleet.FleetOptions;
import mata.fleet.InlineCarrier;
import mata.fleet.ProcessCarrier;
import mata.fleet.ReaderFleet;
import mata.fleet.SystemMemory;
import mata.http.ListenerOptions;
import mata.http.VisionListener;
import mata.http.VisionParts;
import mata.reader.ReaderLoop;
import mata.scheduler.FifoScheduler;
import mata.time.SystemTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server: builds all of its parts, in order, by hand; starts them, and ends them in reverse. */
final class App implements ServerStart.RunningServer {

    private static final Logger LOG = LoggerFactory.getLogger(App.class);

    private final Settings settings;
    private final SystemTime time = new SystemTime();
    private final ReaderFleet fleet;
    private final FifoScheduler scheduler;
    private final VisionListener vision;

    private App(Settings settings, Installation installation) {
        this.settings = settings;
        ModelStore store = ModelStore.of(settings, installation);
        fleet = new ReaderFleet(
                fleetOptions(settings),
                store.registry(),
                store.places(),
                carrier(settings, installation),
                new SystemMemory(),
                time);
        scheduler = new FifoScheduler(fleet, time, settings.limits().maxQueue());
        vision = new VisionListener(
                listenerOptions(settings),
                new VisionParts(
                        gate(settings),
                        store.registry(),
                        fleet,
                        scheduler,
                        store.puller(),
                        store.places(),
                        time,
                        Installation.version(),
                        hasGpu(),
                        settings.limits().maxImagePixels(),
                        settings.limits().requestTimeout()));
    }

    /** @throws IOException when the port cannot be had; nothing is left running then */
    static App start(Settings settings, Installation installation) throws IOException {
        settings.warnings().forEach(LOG::warn);
        App app = new App(settings, installation);
        try {
            app.start();
            return app;
        } catch (IOException | RuntimeException failed) {
            app.close();
            throw failed;
        }
    }

    private void start() throws IOException {
        scheduler.start();
        fleet.start();
        try {
            vision.start();
        } catch (IOException taken) {
            Settings.Listener wanted = settings.listener();
            throw new IOException(
                    Setting.PORT.variable() + ": cannot listen on " + wanted.host() + ":" + wanted.port() + ": "
                            + taken.getMessage(),
                    taken);
        }
        LOG.info("mataserver {} listens on {} (description at /docs)", Installation.version(), url());
    }

    @Override
    public String url() {
        return settings.listener().url(vision.port());
    }

    @Override
    public void close() {
        vision.close();
        scheduler.close();
        fleet.close();
        time.close();
    }

    private static Gate gate(Settings settings) {
        Settings.Access access = settings.access();
        if (access.open()) {
            LOG.warn("everybody who can reach this server may use it ({}=none)", Setting.AUTH_MODE.variable());
            return Gate.open();
        }
        if (!access.keys().isEmpty()) {
            return Gate.forKeys(access.keys());
        }
        ApiKeyFile file = ApiKeyFile.in(settings.dataDir());
        if (file.read().isEmpty()) {
            LOG.info("no API key was given: one is made, and lies in {}", file.path());
        }
        return Gate.forKeys(List.of(file.readOrMake()));
    }

    private static Carrier carrier(Settings settings, Installation installation) {
        if (settings.models().inline()) {
            ReaderParts parts = ReaderParts.here(installation);
            return new InlineCarrier(new ReaderLoop.Parts(parts.loader(), parts.decoder(), new SystemTime(), () -> 0));
        }
        return new ProcessCarrier((socket, reader) -> installation.again(
                "reader",
                "--socket",
                socket.toString(),
                "--reader",
                reader.reader().name(),
                "--incarnation",
                String.valueOf(reader.number())));
    }

    private static FleetOptions fleetOptions(Settings settings) {
        Settings.Models models = settings.models();
        FleetOptions usual = FleetOptions.defaults(Runtime.getRuntime().availableProcessors());
        return usual.with(new FleetOptions.Stay(
                        models.keepAlive(),
                        models.maxLoaded(),
                        models.maxRamUtilization(),
                        models.preload(),
                        models.pinned()))
                .with(new FleetOptions.Running(
                        models.device().equals("auto") ? usual.running().device() : models.device(),
                        models.dtype().word(),
                        usual.running().threads(),
                        usual.running().concurrency(),
                        settings.limits().maxBatch(),
                        settings.limits().batchDelay(),
                        settings.limits().maxImagePixels(),
                        Optional.of(settings.dataDir().resolve("engine-cache"))))
                .with(new FleetOptions.Beats(
                        usual.beats().promise(),
                        settings.limits().heartbeatCheck(),
                        usual.beats().load(),
                        usual.beats().drain()));
    }

    private static ListenerOptions listenerOptions(Settings settings) {
        Settings.Listener listener = settings.listener();
        ListenerOptions usual = ListenerOptions.on(listener.host(), listener.port());
        return new ListenerOptions(
                listener.host(),
                listener.port(),
                listener.tls().map(tls -> new ListenerOptions.Tls(tls.certificate(), tls.key())),
                listener.corsOrigins(),
                listener.trustedProxies(),
                new ListenerOptions.Limits(
                        settings.limits().maxBodyBytes(),
                        Math.max(
                                usual.limits().bodiesBytes(),
                                2L * settings.limits().maxBodyBytes()),
                        usual.limits().connections()),
                usual.timeouts());
    }

    /** As NVIDIA's driver shows it. */
    private static boolean hasGpu() {
        return Files.exists(Path.of("/dev/nvidia0"));
    }
}
