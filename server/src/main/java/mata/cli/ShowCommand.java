package mata.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import mata.folder.NumberFormat;
import mata.hub.HubPull;
import mata.hub.ModelPlaces;
import mata.hub.PipBackend;
import mata.hub.PipPull;
import mata.registry.RegisteredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show detailed info for a registered model")
final class ShowCommand implements Callable<Integer> {

    private static final DateTimeFormatter LOCAL_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private static final String USUAL_DTYPE = NumberFormat.FP32.word();

    private final Surroundings surroundings;

    @Parameters(paramLabel = "MODEL_ID", description = "id of a registered model, e.g. facebook/detr-resnet-50")
    private String model = "";

    ShowCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        RegisteredModel known = Registered.find(surroundings, model);
        ModelPlaces places = surroundings.store().places();
        line("model", known.model().id());
        line("task", known.task().word());
        line("source", known.source().word());
        line("size", size(places.bytes(known)));
        line("last_accessed", places.lastAccessed(known).map(ShowCommand::shown).orElse(Table.UNKNOWN));
        PipBackend.of(known.model()).ifPresent(backend -> show(backend, known));
        showChoices(known);
        return 0;
    }

    private void show(PipBackend backend, RegisteredModel known) {
        line("pip_packages", String.join(", ", backend.packages()));
        line("installed", isInstalled(backend, known) ? "yes" : "no");
        backend.binary()
                .ifPresent(binary -> line(
                        "system_binary", binary + " (" + yesOrNo(List.of("sh", "-c", "command -v " + binary)) + ")"));
    }

    private boolean isInstalled(PipBackend backend, RegisteredModel known) {
        if (!backend.runsInPython()) {
            return surroundings.store().places().folder(known).isPresent();
        }
        return surroundings
                .probe()
                .test(List.of(
                        known.settings().getOrDefault(PipPull.PYTHON, "python3"),
                        "-c",
                        "import importlib.util, sys; sys.exit(importlib.util.find_spec('" + backend.module()
                                + "') is None)"));
    }

    /** What was chosen for this model, where that is not the usual. */
    private void showChoices(RegisteredModel known) {
        Map<String, String> settings = known.settings();
        Optional.ofNullable(settings.get(HubPull.DTYPE))
                .filter(format -> !format.equals(USUAL_DTYPE))
                .ifPresent(format -> line(HubPull.DTYPE, format));
        Optional.ofNullable(settings.get(ModelPlaces.REVISION)).ifPresent(name -> line(ModelPlaces.REVISION, name));
        Optional.ofNullable(settings.get(HubPull.TWIN))
                .ifPresent(twin -> line("weights_from", twin + " (an export by somebody else)"));
    }

    private String yesOrNo(List<String> probe) {
        return surroundings.probe().test(probe) ? "yes" : "no";
    }

    private void line(String field, String value) {
        surroundings.out().println(field + ": " + value);
    }

    private static String size(OptionalLong bytes) {
        return bytes.isPresent() ? String.format(Locale.ROOT, "%.2f MB", bytes.getAsLong() / 1e6) : Table.UNKNOWN;
    }

    private static String shown(Instant time) {
        return LOCAL_TIME.format(time);
    }
}
