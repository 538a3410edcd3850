package mata.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "stop", description = "Unload a model from memory (requires running server)")
final class StopCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "MODEL_ID", description = "id of the model to unload")
    private String model = "";

    StopCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws JacksonException {
        JsonNode answer = server.client(surroundings.settings().get())
                .post("/v1/models/unload", JsonNodeFactory.instance.objectNode().put("model", model));
        boolean wasLoaded = answer.path("status").asText().equals("unloaded");
        surroundings
                .out()
                .println(
                        wasLoaded
                                ? "Model '" + model + "' unloaded from memory."
                                : "Model '" + model + "' was not loaded (nothing to stop).");
        return 0;
    }
}
