package mata.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import mata.config.Settings;

/** A server of a command's own, for as long as the command runs: on this machine only, with a key that nobody else knows. */
record OwnServer(ServerStart.RunningServer server, ServerClient client) implements AutoCloseable {

    static OwnServer start(Surroundings surroundings, Settings settings) throws IOException {
        String key = UUID.randomUUID().toString();
        ServerStart.RunningServer server = surroundings.server().start(settings.forOneCommand(key));
        return new OwnServer(server, new ServerClient(server.url(), Optional.of(key)));
    }

    @Override
    public void close() {
        server.close();
    }
}
