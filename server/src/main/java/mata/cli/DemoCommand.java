package mata.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import mata.config.ApiKeyFile;
import mata.config.Settings;
import mata.hub.PullProgress;
import mata.hub.PullRequest;
import mata.image.Canvas;
import mata.image.Decoder;
import mata.image.OpenCvLibraries;
import mata.task.Task;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "demo", description = "Start the server, run two small models on a photo, and keep serving")
final class DemoCommand implements Callable<Integer> {

    private static final List<Show> SHOWS = List.of(
            new Show("google/movenet-lightning", Task.POSE), new Show("google/selfie-segmentation", Task.SEGMENT));

    private final Surroundings surroundings;

    @Option(names = "--once", description = "end when everything has been shown")
    private boolean once;

    /** A model that comes with this program, and what it does. */
    private record Show(String model, Task task) {

        Path drawing() {
            return Path.of("mataserver-demo-" + task.word() + ".png");
        }
    }

    DemoCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = surroundings.settings().get();
        for (Show show : SHOWS) {
            surroundings.store().puller().pull(new PullRequest(show.model(), show.task()), PullProgress.NONE);
        }
        try (ServerStart.RunningServer server = start(settings)) {
            PrintStream out = surroundings.out();
            out.printf("%s serves on %s%n%n", VersionCommand.line(), server.url());
            show(new ServerClient(server.url(), ServerClient.ownKey(settings)));
            suggest(settings, server.url());
            if (!once) {
                out.printf("%nCtrl-C ends it.%n");
                server.awaitEnd();
            }
        }
        return 0;
    }

    /** On the port that is set; on any free one where that is taken. */
    private ServerStart.RunningServer start(Settings settings) throws IOException {
        try {
            return surroundings.server().start(settings);
        } catch (IOException taken) {
            surroundings.out().println(taken.getMessage() + ": taking a free port");
            return surroundings.server().start(settings.withPort(0));
        }
    }

    private void show(ServerClient client) throws IOException {
        OpenCvLibraries.load(surroundings.installation().nativeLibraries());
        byte[] photo = Files.readAllBytes(surroundings.installation().photo());
        var table = new Table("%-35s %-10s %-50s %8s", "MODEL", "TASK", "FOUND", "TIME (MS)");
        for (Show show : SHOWS) {
            JsonNode answer = client.post(
                    "/v1/infer",
                    JsonNodeFactory.instance
                            .objectNode()
                            .put("model", show.model())
                            .put("image", photo));
            table.row(
                    show.model(),
                    show.task().word(),
                    String.join("; ", Sentences.of(AnswerJson.read(answer))),
                    String.format(
                            Locale.ROOT,
                            "%.1f",
                            answer.path("timings").path("run_ms").asDouble()));
            byte[] drawn = Canvas.draw(Decoder.decode(photo, Integer.MAX_VALUE), AnswerJson.read(answer));
            Files.write(show.drawing(), drawn);
        }
        table.print(surroundings.out());
        surroundings.out().println();
        SHOWS.forEach(show -> surroundings.out().println("drawn: " + show.drawing()));
    }

    private void suggest(Settings settings, String url) {
        String key = key(settings);
        PrintStream out = surroundings.out();
        out.printf("%nTry it:%n");
        out.printf("  curl -s %s/v1/health%n", url);
        out.printf("  curl -s %s%s/v1/models%n", key, url);
        out.printf(
                "  curl -s %s-F model=%s -F file=@'%s' %s/v1/infer/upload%n",
                key, SHOWS.getFirst().model(), surroundings.installation().photo(), url);
    }

    /** What a shell has to send; the key itself stays out of sight. */
    private static String key(Settings settings) {
        if (settings.access().open()) {
            return "";
        }
        String secret = settings.access().keys().isEmpty()
                ? "$(cat '" + ApiKeyFile.in(settings.dataDir()).path() + "')"
                : "$MATA_SERVER_API_KEY";
        return "-H \"Authorization: Bearer " + secret + "\" ";
    }
}
