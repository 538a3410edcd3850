package mata.folder;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * A model on disk as its files describe it. The small JSON files are read once, when the folder is opened; graphs are looked
 * at when they are asked for.
 */
public final class ModelFolder {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path path;
    private final Path graphs;
    private final NumberFormat format;
    private final Entries config;
    private final Entries preprocessor;

    private ModelFolder(Path path, Path graphs, NumberFormat format, Entries config, Entries preprocessor) {
        this.path = path;
        this.graphs = graphs;
        this.format = format;
        this.config = config;
        this.preprocessor = preprocessor;
    }

    /**
     * @throws Rejected with {@code BadInput} when there is no such folder, or a file in it cannot be read; the detail names
     *     the file
     */
    public static ModelFolder read(Path path, NumberFormat format) {
        if (!Files.isDirectory(path)) {
            throw new Rejected(new Problem.BadInput("no such folder: " + path));
        }
        return new ModelFolder(path, path, format, json(path, "config.json"), preprocessor(path));
    }

    /** The same model with graphs that lie elsewhere and whose weights may lie anywhere: those that this program wrote. */
    public ModelFolder withGraphsIn(Path folder) {
        return new ModelFolder(path, folder, format, config, preprocessor);
    }

    private static Entries preprocessor(Path path) {
        Entries processor = json(path, "processor_config.json").object("image_processor");
        return processor.isEmpty() ? json(path, "preprocessor_config.json") : processor;
    }

    private static Entries json(Path folder, String name) {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            return new Entries(name, Map.of());
        }
        try {
            Map<String, Object> values = JSON.readValue(file.toFile(), new TypeReference<>() {});
            return new Entries(name, values);
        } catch (JacksonException e) {
            throw new Rejected(new Problem.BadInput(name + " is not a JSON object: " + e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new Rejected(new Problem.BadInput(name + " cannot be read: " + e.getMessage()), e);
        }
    }

    public Path path() {
        return path;
    }

    /** The number format that was asked for. */
    public NumberFormat format() {
        return format;
    }

    /** {@code config.json}; empty where there is none. */
    public Entries config() {
        return config;
    }

    /** How pictures are prepared; empty where no file says it. */
    public Entries preprocessor() {
        return preprocessor;
    }

    /** Any other JSON file of the folder; empty where there is none. */
    public Entries file(String name) {
        return json(path, name);
    }

    public Optional<String> modelType() {
        return config.text("model_type");
    }

    /** What timm's config.json says of preprocessing; empty where the model is not one of timm's. */
    public Entries timm() {
        return config.object("pretrained_cfg");
    }

    public boolean isTimm() {
        return config.has("architecture") && config.has("pretrained_cfg");
    }

    /** By {@code id2label}, else timm's {@code label_names}, else the graph's metadata, where YOLO exports keep them. */
    public Labels labels(Map<String, String> metadata) {
        if (config.has("id2label")) {
            return Labels.ofIds(config.object("id2label").asTexts());
        }
        List<String> names = config.has("label_names") ? config.texts("label_names") : timm().texts("label_names");
        if (!names.isEmpty()) {
            return Labels.of(names);
        }
        String literal = metadata.get("names");
        return literal == null ? Labels.NONE : Labels.ofPython(literal);
    }

    /**
     * The graph {@code <name><suffix>.onnx}, in {@code onnx/} or in the folder itself. {@code model} also stands for the only
     * graph of a folder, whatever it is called.
     *
     * @throws Rejected with {@code BadInput} naming what there is instead, or what is wrong with the graph's weights
     */
    public Path graph(String name) {
        return find(name)
                .orElseThrow(() -> new Rejected(new Problem.BadInput("no ONNX graph " + name + format.suffix()
                        + ".onnx (" + format.word() + ") in the model's folder; there are: " + names(graphs()))));
    }

    public boolean hasGraph(String name) {
        return find(name).isPresent();
    }

    /** What the graph says of itself. */
    public GraphHeader header(String name) {
        return GraphHeader.read(graph(name));
    }

    private Optional<Path> find(String name) {
        String file = name + format.suffix() + ".onnx";
        Optional<Path> found = Stream.of(graphs.resolve("onnx").resolve(file), graphs.resolve(file))
                .filter(Files::isRegularFile)
                .findFirst()
                .or(() -> name.equals("model") ? onlyGraph() : Optional.empty());
        if (graphs.equals(path)) {
            found.ifPresent(this::checkExternalData);
        }
        return found;
    }

    /** One-file repositories, and exports of YOLO's tool, call their graph as they like. */
    private Optional<Path> onlyGraph() {
        List<Path> all = graphs();
        return all.size() == 1 && NumberFormat.ofFile(all.getFirst()) == format
                ? Optional.of(all.getFirst())
                : Optional.empty();
    }

    /** All .onnx files, in {@code onnx/} and in the folder itself. */
    public List<Path> graphs() {
        List<Path> all = new ArrayList<>();
        for (Path folder : List.of(graphs.resolve("onnx"), graphs)) {
            try (Stream<Path> files = Files.isDirectory(folder) ? Files.list(folder) : Stream.empty()) {
                files.filter(file -> file.toString().endsWith(".onnx")).sorted().forEach(all::add);
            } catch (IOException e) {
                throw new Rejected(
                        new Problem.BadInput(folder.getFileName() + " cannot be listed: " + e.getMessage()), e);
            }
        }
        return all;
    }

    private String names(List<Path> files) {
        return files.isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        files.stream()
                                .map(file -> graphs.relativize(file).toString())
                                .toList());
    }

    /** A graph names the files of its weights itself: none may lie outside, none may be missing. */
    private void checkExternalData(Path graph) {
        for (String name : GraphHeader.read(graph).externalData()) {
            Path file = graph.resolveSibling(name).normalize();
            Path folder = graph.resolveSibling("").normalize();
            if (Path.of(name).isAbsolute() || !file.startsWith(folder)) {
                throw new Rejected(new Problem.BadInput(
                        graph.getFileName() + " wants weights from outside its folder, which is refused: " + name));
            }
            if (!Files.isRegularFile(file)) {
                throw new Rejected(new Problem.BadInput(
                        graph.getFileName() + " needs the file " + name + " beside it, which is missing"));
            }
        }
    }
}
