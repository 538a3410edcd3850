package mata.cli;

import java.util.concurrent.Callable;
import mata.registry.RegisteredModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "rm", description = "Remove a model from the registry (does not delete weights)")
final class RemoveCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Parameters(paramLabel = "MODEL_ID", description = "id of the model to remove from the registry")
    private String model = "";

    RemoveCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        RegisteredModel known = Registered.find(surroundings, model);
        surroundings.store().registry().remove(known.model());
        surroundings.out().println("Removed '" + known.model() + "' from the registry.");
        surroundings
                .out()
                .println(
                        switch (known.source()) {
                            case HF -> "Note: model weights on disk (HF cache) were not deleted.";
                            case PIP -> "Note: pip packages were not uninstalled. Remove manually if needed.";
                        });
        return 0;
    }
}
