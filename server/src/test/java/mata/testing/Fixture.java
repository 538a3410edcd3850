package mata.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.task.Task;

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

        /** What the reference was asked for, in the words of a request (fixtures' README, "Asking the server"). */
        public Params params() {
            Map<String, Object> request = new LinkedHashMap<>();
            json.path("params").properties().forEach(entry -> {
                String word = WORDS.getOrDefault(entry.getKey(), entry.getKey());
                if (word.equals("boxes_xywh")) {
                    request.put("box_prompts", corners(entry.getValue()));
                } else if (!word.isEmpty()) {
                    request.put(word, new ObjectMapper().convertValue(entry.getValue(), Object.class));
                }
            });
            if (fixture.task.equals("depth")) {
                request.put("normalize", false);
            }
            if (fixture.task.equals("zero_shot_detect")) {
                request.remove("prompt"); // the library's text, made of the labels
            }
            return ParamsReader.read(request);
        }

        private static List<List<Double>> corners(JsonNode boxes) {
            List<List<Double>> corners = new ArrayList<>();
            for (JsonNode box : boxes) {
                double x = box.path(0).asDouble();
                double y = box.path(1).asDouble();
                corners.add(List.of(
                        x, y, x + box.path(2).asDouble(), y + box.path(3).asDouble()));
            }
            return corners;
        }

        /** A lossless photo: the reference decoded the very same pixels. */
        public boolean isLossless() {
            return json.path("photo").asText().endsWith(".png");
        }

        @Override
        public String toString() {
            return fixture.task + "/" + fixture.name + "/" + id();
        }
    }

    /** The reference's names of parameters, where they are not ours; empty: no parameter of a request. */
    private static final Map<String, String> WORDS = Map.of(
            "threshold", "confidence",
            "conf", "confidence",
            "labels", "prompts",
            "hypothesis_template", "prompt_template",
            "overlap_mask_area_threshold", "overlap_threshold",
            "subtask", "segment_kind",
            "max_det", "");

    /** The task that a server registers such a model for. */
    public Task serverTask() {
        return switch (task) {
            case "zero_shot_classify" -> Task.CLASSIFY;
            case "zero_shot_detect" -> Task.DETECT;
            case "segment_prompt" -> Task.SEGMENT;
            default -> Task.of(task).orElseThrow();
        };
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

    /** A JSON file of the model's folder; a missing node where there is none. */
    public JsonNode json(String name) {
        Path file = model().resolve(name);
        return Files.exists(file) ? json(file) : MissingNode.getInstance();
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
