package mata.task;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a model: {@code org/name} as on the hub, or the short name of a pip backend ({@code tesseract}).
 * Parts are made of letters, digits, {@code . _ -}, so a name is safe in a path and in a URL.
 */
public record ModelRef(String id) implements Comparable<ModelRef> {

    private static final Pattern SHAPE =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,95})(?:/[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,95}))?");

    public ModelRef {
        if (!isValid(id)) {
            throw new IllegalArgumentException("not a model name: " + id);
        }
    }

    public static Optional<ModelRef> of(String id) {
        return isValid(id) ? Optional.of(new ModelRef(id)) : Optional.empty();
    }

    private static boolean isValid(String id) {
        return SHAPE.matcher(id).matches() && !id.contains("..") && !id.contains("--");
    }

    /** The part behind the slash, or the whole name of a pip backend. */
    public String shortName() {
        return id.substring(id.indexOf('/') + 1);
    }

    @Override
    public int compareTo(ModelRef other) {
        return id.compareTo(other.id);
    }

    @Override
    public String toString() {
        return id;
    }
}
