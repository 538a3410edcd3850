package mata.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code mataserver} itself: prints help. */
@Command(
        name = "mataserver",
        description = "Vision models over HTTP, on this machine.",
        customSynopsis = "mataserver [--version] <COMMAND> [options]",
        commandListHeading = "%nCommands:%n",
        versionProvider = Root.Version.class)
@SuppressWarnings("UnusedVariable") // the parser itself acts on these two options
final class Root implements Callable<Integer> {

    private final Surroundings surroundings;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print help and exit")
    private boolean help;

    @Option(
            names = {"-v", "--version"},
            versionHelp = true,
            description = "Print version and exit")
    private boolean version;

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {VersionCommand.line()};
        }
    }

    Root(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        new Commands(surroundings).parser().usage(surroundings.out());
        return 0;
    }
}
