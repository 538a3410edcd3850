package mata.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import mata.reader.ReaderMain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A reader's process; started by the server, never by hand. */
@Command(name = "reader", hidden = true, description = "Hold one model for a server (started by it)")
final class ReaderCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Option(names = "--socket", required = true, description = "the server's socket")
    private Path socket = Path.of("");

    @Option(names = "--reader", required = true, description = "id of the reader")
    private String reader = "";

    @Option(names = "--incarnation", required = true, description = "which start of the reader this is")
    private int incarnation;

    ReaderCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        LogOutput.apply(surroundings.settings().get().log());
        ReaderParts parts = ReaderParts.here(surroundings.installation());
        ReaderMain.run(socket, reader, incarnation, parts.loader(), parts.decoder());
        return 0;
    }
}
