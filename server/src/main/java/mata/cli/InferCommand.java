package mata.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import mata.config.Settings;
import mata.hub.PullProgress;
import mata.hub.PullRequest;
import mata.image.Canvas;
import mata.image.Decoder;
import mata.image.OpenCvLibraries;
import mata.task.ModelRef;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "infer", description = "Ask a model about pictures: a running server, or without one by itself")
final class InferCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Surroundings surroundings;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(
            index = "0",
            paramLabel = "MODEL",
            description = "id of a registered model, or of one that comes with this program")
    private String model = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "JPEG, PNG, WebP, BMP or GIF files")
    private List<Path> images = new ArrayList<>();

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description = "a parameter, e.g. confidence=0.4; may be repeated")
    private Map<String, String> params = new LinkedHashMap<>();

    @Option(
            names = "--save",
            paramLabel = "OUT.png",
            description = "draw the answer on the picture; several get a number each")
    private @Nullable Path save;

    @Option(names = "--json", description = "print each answer as the server gave it, one a line")
    private boolean json;

    InferCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = surroundings.settings().get();
        ServerClient client = server.client(settings);
        if (server.isOwn()) {
            registerStarter();
        }
        if (server.isOwn() && !client.isUp()) {
            try (var own = OwnServer.start(surroundings, settings)) {
                ask(own.client());
            }
        } else {
            ask(client);
        }
        return 0;
    }

    /** Those that come with this program need no pull of their own. */
    private void registerStarter() throws InterruptedException {
        ModelStore store = surroundings.store();
        Optional<ModelRef> named = ModelRef.of(model);
        if (named.filter(store.places().starterModels()::contains).isPresent()
                && named.flatMap(store.registry()::find).isEmpty()) {
            store.puller()
                    .pull(
                            new PullRequest(
                                    model, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                            PullProgress.NONE);
        }
    }

    private void ask(ServerClient client) throws IOException {
        for (int i = 0; i < images.size(); i++) {
            Path image = images.get(i);
            byte[] picture = Files.readAllBytes(image);
            JsonNode answer = client.post("/v1/infer", request(picture));
            if (json) {
                surroundings.out().println(answer);
            } else {
                print(image, answer);
            }
            if (save != null) {
                draw(picture, answer, images.size() == 1 ? save : numbered(save, i + 1));
            }
        }
    }

    private ObjectNode request(byte[] picture) {
        ObjectNode request = JSON.createObjectNode().put("model", model).put("image", picture);
        ObjectNode given = request.putObject("params");
        params.forEach((name, value) -> given.set(name, value(value)));
        return request;
    }

    /** Numbers, lists, true and false as JSON has them; everything else is a text. */
    private static JsonNode value(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            return value.isMissingNode() ? TextNode.valueOf(text) : value;
        } catch (JacksonException notJson) {
            return TextNode.valueOf(text);
        }
    }

    private void print(Path image, JsonNode answer) throws IOException {
        List<String> found = Sentences.of(AnswerJson.read(answer));
        surroundings
                .out()
                .println(image + ": "
                        + (found.isEmpty()
                                ? "nothing found"
                                : answer.path("task").asText()));
        found.forEach(line -> surroundings.out().println("  " + line));
        answer.path("warnings").forEach(warning -> surroundings.err().println("warning: " + warning.asText()));
    }

    private void draw(byte[] picture, JsonNode answer, Path file) throws IOException {
        OpenCvLibraries.load(surroundings.installation().nativeLibraries());
        Files.write(file, Canvas.draw(Decoder.decode(picture, Integer.MAX_VALUE), AnswerJson.read(answer)));
        if (!json) {
            surroundings.out().println("  drawn: " + file);
        }
    }

    /** {@code out.png} becomes {@code out-1.png}. */
    private static Path numbered(Path file, int number) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.') < 1 ? name.length() : name.lastIndexOf('.');
        return file.resolveSibling(name.substring(0, dot) + "-" + number + name.substring(dot));
    }
}
