package mata.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import mata.registry.RegisteredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "export", description = "Write a registered model into one file, for a machine without network")
final class ExportCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Parameters(index = "0", paramLabel = "MODEL_ID", description = "id of a registered model")
    private String model = "";

    @Parameters(index = "1", paramLabel = "FILE", description = "the file to write")
    private Path file = Path.of("");

    ExportCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws InterruptedException {
        RegisteredModel known = Registered.find(surroundings, model);
        try (var progress = new PullOutput(surroundings)) {
            surroundings.archive().write(known.model(), file, progress);
        }
        surroundings.out().println("Exported '" + known.model() + "' to " + file + ".");
        return 0;
    }
}
