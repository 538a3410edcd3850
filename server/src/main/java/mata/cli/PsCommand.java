package mata.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "ps", description = "Show what is in memory and what was (requires running server)")
final class PsCommand implements Callable<Integer> {

    private static final DateTimeFormatter LOCAL_TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final Surroundings surroundings;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    PsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        JsonNode models = server.client(surroundings.settings().get()).get("/v1/ps");
        if (models.isEmpty()) {
            surroundings.out().println("No models in memory.");
            return 0;
        }
        var table = new Table(
                "%-35s %-8s %-8s %11s %8s %5s %-9s",
                "MODEL", "STATE", "DEVICE", "MEMORY (MB)", "UNTIL", "LOADS", "LAST END");
        for (JsonNode model : models) {
            table.row(
                    model.path("model").asText(),
                    model.path("state").asText(),
                    model.path("device").asText(),
                    number(model.path("memory_mb")),
                    time(model.path("expires_at")),
                    model.path("loads").asText(),
                    model.path("last_end").asText(Table.UNKNOWN));
        }
        table.print(surroundings.out());
        return 0;
    }

    private static String number(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.1f", value.asDouble()) : Table.UNKNOWN;
    }

    private static String time(JsonNode value) {
        return value.isNumber()
                ? LOCAL_TIME.format(Instant.ofEpochMilli(Math.round(value.asDouble() * 1000)))
                : Table.UNKNOWN;
    }
}
