package mata.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import mata.registry.RegisteredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "import", description = "Register the model in a file that export wrote")
final class ImportCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Parameters(paramLabel = "FILE", description = "the file to read")
    private Path file = Path.of("");

    ImportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        RegisteredModel imported;
        try (var progress = new PullOutput(surroundings)) {
            imported = surroundings.archive().read(file, progress);
        }
        surroundings
                .out()
                .println("Imported '" + imported.model() + "' (task: "
                        + imported.task().word() + ", source: "
                        + imported.source().word() + ").");
        return 0;
    }
}
