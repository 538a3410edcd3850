package mata.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import mata.config.Settings;
import picocli.CommandLine.Command;

@Command(
        name = "serve",
        description = "Start the inference server",
        footer = {
            "",
            "Settings are read from MATA_SERVER_* environment variables, a .env file in the working",
            "directory, and the YAML file that MATA_SERVER_CONFIG names. Ctrl-C or SIGTERM ends it."
        })
final class ServeCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    ServeCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = surroundings.settings().get();
        LogOutput.apply(settings.log());
        surroundings.server().start(settings).awaitEnd();
        return 0;
    }
}
