package mata.registry;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mata.task.ModelRef;
import mata.task.Task;

/**
 * A model we know.
 *
 * @param source {@code hf}: files in the hub cache or a local folder; {@code pip}: a Python package
 * @param folder where its files are; empty for pip backends and for hub models whose snapshot the cache finds
 * @param settings additive model settings: dtype, revision, prompt_template, person_detector …
 */
public record RegisteredModel(
        ModelRef model, Task task, Source source, Optional<Path> folder, Map<String, String> settings) {

    public RegisteredModel {
        settings = Map.copyOf(settings);
    }

    public enum Source {
        HF,
        PIP;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Source> of(String word) {
            return Arrays.stream(values())
                    .filter(source -> source.word().equals(word))
                    .findFirst();
        }
    }
}
