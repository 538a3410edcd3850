package mata.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a request, in the shape that a 422 lists.
 *
 * @param type a word a program can switch on: {@code missing}, {@code float_type}, {@code less_than_equal} …
 * @param loc where, from {@code "body"} down: names, and indices for list items
 * @param msg what to do about it, for a person
 * @param input what was sent, or null where nothing was
 */
public record Fault(
        String type, List<Object> loc, String msg, @Nullable Object input) {

    public Fault {
        loc = List.copyOf(loc);
    }

    /** The place as one word, {@code params.confidence}, for listeners that name fields rather than list them. */
    public String field() {
        return String.join(
                ".",
                loc.stream()
                        .filter(part -> !"body".equals(part))
                        .map(String::valueOf)
                        .toList());
    }
}
