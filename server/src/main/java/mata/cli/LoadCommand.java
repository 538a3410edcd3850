package mata.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "load", aliases = "warmup", description = "Preload a model into memory (requires running server)")
final class LoadCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "MODEL_ID", description = "id of the model to warm up")
    private String model = "";

    LoadCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws JacksonException {
        server.client(surroundings.settings().get())
                .post("/v1/models/warmup", JsonNodeFactory.instance.objectNode().put("model", model));
        surroundings.out().println("Model '" + model + "' loaded and ready.");
        return 0;
    }
}
