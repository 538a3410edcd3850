package mata.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * One model under {@code fixtures/} with the reference's numbers for it (expected.json): made with transformers 4.57.6,
 * Pillow 12.3 and ONNX Runtime in Python.
 */
public record Fixture(String task, String name, Path folder, JsonNode expected) {

    public static final Path ROOT = Path.of("src/test/resources/fixtures");

    /** One photo with one set of parameters. */
    public record Case(Fixture fixture, JsonNode json) {

        public String id() {
            return json.path("id").asText();
        }

        public byte[] photo() {
            return bytes(ROOT.resolve(json.path("photo").asText()));
        }

        @Override
        public String toString() {
            return fixture.task + "/" + fixture.name + "/" + id();
        }
    }

    public static Fixture of(String task, String name) {
        Path folder = ROOT.resolve(task).resolve(name);
        return new Fixture(task, name, folder, json(folder.resolve("expected.json")));
    }

    /** All that were made from exported graphs, in the order of their paths. */
    public static List<Fixture> all() {
        try (Stream<Path> files = Files.find(ROOT, 3, (path, _) -> path.endsWith("expected.json"))) {
            return files.map(ROOT::relativize)
                    .filter(path -> !path.startsWith("native"))
                    .sorted()
                    .map(path -> of(path.getName(0).toString(), path.getName(1).toString()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path model() {
        return folder.resolve("model");
    }

    public List<Case> cases() {
        return StreamSupport.stream(expected.path("cases").spliterator(), false)
                .map(json -> new Case(this, json))
                .toList();
    }

    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(bytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return task + "/" + name;
    }
}
