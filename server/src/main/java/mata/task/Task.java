package mata.task;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a model can be asked to do. The words are those of the API and of the registry. */
public enum Task {
    CLASSIFY,
    DEPTH,
    DETECT,
    OCR,
    POSE,
    SEGMENT,
    TRACK,
    VLM;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Task> of(String word) {
        return Arrays.stream(values()).filter(task -> task.word().equals(word)).findFirst();
    }

    /** All words, in alphabetical order, as messages list them. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Task::word).toList();
    }
}
