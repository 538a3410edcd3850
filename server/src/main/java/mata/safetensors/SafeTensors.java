package mata.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import mata.problem.Problem;
import mata.problem.Rejected;

/** The tensors of a checkpoint, by name, whether it is one file or several. Only headers are read; see {@link MappedTensors}. */
public final class SafeTensors {

    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, StoredTensor> byName;

    private SafeTensors(Map<String, StoredTensor> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** Whether a folder holds weights that {@link #in} would look at. */
    public static boolean present(Path folder) {
        return Files.exists(folder.resolve(SINGLE)) || Files.exists(folder.resolve(INDEX));
    }

    /**
     * {@code model.safetensors}, or the files that {@code model.safetensors.index.json} names.
     *
     * @throws Rejected with {@code BadInput}, naming the file, the tensor and what is wrong with it
     */
    public static SafeTensors in(Path folder) throws IOException {
        return Files.exists(folder.resolve(INDEX)) && !Files.exists(folder.resolve(SINGLE))
                ? sharded(folder)
                : file(folder.resolve(SINGLE));
    }

    /** One file. @throws Rejected as {@link #in} */
    public static SafeTensors file(Path file) throws IOException {
        var byName = new LinkedHashMap<String, StoredTensor>();
        Header.read(file).forEach(tensor -> byName.put(tensor.name(), tensor));
        return new SafeTensors(byName);
    }

    /** The index decides: what it names must lie in the file it says, and what it does not name is not there. */
    private static SafeTensors sharded(Path folder) throws IOException {
        Map<String, String> fileOf = index(folder.resolve(INDEX));
        var shards = new LinkedHashMap<String, SafeTensors>();
        for (String shard : new TreeSet<>(fileOf.values())) {
            shards.put(shard, file(folder.resolve(shard)));
        }
        var byName = new LinkedHashMap<String, StoredTensor>();
        fileOf.forEach((name, shard) -> byName.put(
                name,
                Optional.ofNullable(shards.get(shard))
                        .flatMap(tensors -> tensors.find(name))
                        .orElseThrow(() -> malformed("says that " + name + " is in " + shard + ", where it is not"))));
        return new SafeTensors(byName);
    }

    private static Map<String, String> index(Path file) throws IOException {
        JsonNode map;
        try {
            map = JSON.readTree(file.toFile()).path("weight_map");
        } catch (JsonProcessingException broken) {
            throw malformed("is not JSON: " + broken.getOriginalMessage());
        }
        if (!map.isObject() || map.isEmpty()) {
            throw malformed("has no weight_map");
        }
        var fileOf = new LinkedHashMap<String, String>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = entry.getValue().asText("");
            if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.safetensors")) {
                throw malformed("places " + entry.getKey() + " in \"" + shard + "\", no name of a file beside it");
            }
            fileOf.put(entry.getKey(), shard);
        }
        return fileOf;
    }

    public Optional<StoredTensor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public Set<String> names() {
        return byName.keySet();
    }

    /** The deepest folder that holds all the files. */
    public Path folder() {
        return byName.values().stream()
                .map(tensor -> Objects.requireNonNull(tensor.file().getParent(), "real paths are absolute"))
                .reduce(SafeTensors::common)
                .orElseThrow(() -> malformed("names no tensor"));
    }

    private static Path common(Path a, Path b) {
        return b.startsWith(a) ? a : common(Objects.requireNonNull(a.getParent(), "absolute paths share a root"), b);
    }

    public List<StoredTensor> all() {
        return List.copyOf(byName.values());
    }

    /** Bytes of all tensors. */
    public long bytes() {
        return byName.values().stream().mapToLong(StoredTensor::length).sum();
    }

    private static Rejected malformed(String fault) {
        return new Rejected(new Problem.BadInput(INDEX + " " + fault));
    }
}
