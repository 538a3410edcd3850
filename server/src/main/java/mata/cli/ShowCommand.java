package mata.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import mata.hub.ModelPlaces;
import mata.hub.PipBackend;
import mata.registry.RegisteredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show detailed info for a registered model")
final class ShowCommand implements Callable<Integer> {

    private static final DateTimeFormatter LOCAL_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Surroundings surroundings;

    @Parameters(paramLabel = "MODEL_ID", description = "id of a registered model, e.g. facebook/detr-resnet-50")
    private String model = "";

    ShowCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        RegisteredModel known = Registered.find(surroundings, model);
        ModelPlaces places = surroundings.places();
        line("model", known.model().id());
        line("task", known.task().word());
        line("source", known.source().word());
        line("size", size(places.bytes(known)));
        line("last_accessed", places.lastAccessed(known).map(ShowCommand::shown).orElse(Table.UNKNOWN));
        PipBackend.of(known.model()).ifPresent(this::show);
        return 0;
    }

    private void show(PipBackend backend) {
        line("pip_packages", String.join(", ", backend.packages()));
        line(
                "installed",
                yesOrNo(List.of(
                        "python3",
                        "-c",
                        "import importlib.util, sys; sys.exit(importlib.util.find_spec('" + backend.module()
                                + "') is None)")));
        backend.binary()
                .ifPresent(binary -> line(
                        "system_binary", binary + " (" + yesOrNo(List.of("sh", "-c", "command -v " + binary)) + ")"));
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
