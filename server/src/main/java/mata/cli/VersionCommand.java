package mata.cli;

import java.util.concurrent.Callable;
import mata.config.Installation;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Print the mataserver version and exit")
final class VersionCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    VersionCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        surroundings.out().println(line());
        return 0;
    }

    static String line() {
        return "mataserver " + Installation.version();
    }
}
