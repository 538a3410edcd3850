package mata.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import mata.task.ModelRef;
import mata.task.Task;

/** How one model stands in {@code model_registry.json}: {@code {"task", "source", "folder"?, "settings"?}}. */
final class RegistryEntry {

    private RegistryEntry() {}

    /** @return empty where id, task or source are none that this release knows */
    static Optional<RegisteredModel> read(String id, JsonNode entry) {
        Optional<ModelRef> model = ModelRef.of(id);
        Optional<Task> task = Task.of(entry.path("task").asText());
        Optional<RegisteredModel.Source> source =
                RegisteredModel.Source.of(entry.path("source").asText());
        if (model.isEmpty() || task.isEmpty() || source.isEmpty()) {
            return Optional.empty();
        }
        Map<String, String> settings = new HashMap<>();
        entry.path("settings").forEachEntry((name, value) -> settings.put(name, value.asText()));
        try {
            Optional<Path> folder = Optional.ofNullable(entry.get("folder")).map(path -> Path.of(path.asText()));
            return Optional.of(new RegisteredModel(model.get(), task.get(), source.get(), folder, settings));
        } catch (InvalidPathException unusable) {
            return Optional.empty();
        }
    }

    /** Replaces what the entry says under our names, and leaves the rest. */
    static void write(RegisteredModel model, ObjectNode entry) {
        entry.put("task", model.task().word());
        entry.put("source", model.source().word());
        entry.remove("folder");
        model.folder().ifPresent(folder -> entry.put("folder", folder.toString()));
        entry.remove("settings");
        if (!model.settings().isEmpty()) {
            ObjectNode settings = entry.putObject("settings");
            model.settings().forEach(settings::put);
        }
    }
}
