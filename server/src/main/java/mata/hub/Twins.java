package mata.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.ModelRef;

/**
 * Repositories of which somebody else published an ONNX export, and where that is. Ours come with the program; a file of the user,
 * {@code twins.yaml} in the data folder, adds to them and wins over them.
 */
public final class Twins {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final TypeReference<Map<String, String>> TABLE = new TypeReference<>() {};

    private final Path usersFile;

    /** @param usersFile need not exist; read anew for each question, so that an edit counts at once */
    public Twins(Path usersFile) {
        this.usersFile = usersFile;
    }

    Path usersFile() {
        return usersFile;
    }

    /** @throws Rejected with {@code BadInput} where the user's file cannot be read */
    Optional<ModelRef> of(ModelRef model) {
        Map<String, String> table = new HashMap<>(ours());
        table.putAll(theirs());
        return Optional.ofNullable(table.get(model.id()))
                .map(name -> ModelRef.of(name)
                        .orElseThrow(() ->
                                new Rejected(new Problem.BadInput(usersFile + ": '" + name + "' is not org/name"))));
    }

    private static Map<String, String> ours() {
        try (InputStream file = Objects.requireNonNull(Twins.class.getResourceAsStream("twins.yaml"))) {
            return YAML.readValue(file, TABLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> theirs() {
        if (!Files.isRegularFile(usersFile)) {
            return Map.of();
        }
        try {
            Map<String, String> table = YAML.readValue(usersFile.toFile(), TABLE);
            return table == null ? Map.of() : table;
        } catch (JacksonException e) {
            throw new Rejected(
                    new Problem.BadInput(
                            usersFile + " is not a table of 'org/name: org/name': " + e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw new Rejected(new Problem.BadInput("cannot read " + usersFile + ": " + e.getMessage()), e);
        }
    }
}
