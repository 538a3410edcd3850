package mata.cli;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import mata.hub.ModelPlaces;
import mata.registry.RegisteredModel;
import picocli.CommandLine.Command;

@Command(name = "list", aliases = "ls", description = "List all registered models")
final class ListCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    ListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        List<RegisteredModel> models = surroundings.store().registry().list();
        if (models.isEmpty()) {
            surroundings.out().println("No models registered.");
            return 0;
        }
        ModelPlaces places = surroundings.store().places();
        var table = new Table("%-35s %-10s %-6s %8s", "MODEL", "TASK", "SOURCE", "SIZE (MB)");
        for (RegisteredModel model : models) {
            table.row(model.model().id(), model.task().word(), model.source().word(), size(places.bytes(model)));
        }
        table.print(surroundings.out());
        return 0;
    }

    private static String size(OptionalLong bytes) {
        return bytes.isPresent() ? String.format(Locale.ROOT, "%.1f", bytes.getAsLong() / 1e6) : Table.UNKNOWN;
    }
}
