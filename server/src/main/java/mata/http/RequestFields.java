package mata.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import mata.problem.Fault;
import mata.problem.Nearest;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one request, whether they came as JSON, as a form or as a query. Accessors note what is wrong and go on;
 * {@link #finish} complains once, of everything, and of every field that no accessor asked for.
 */
final class RequestFields {

    private final Map<String, ? extends @Nullable Object> given;
    private final List<Object> at;
    private final Set<String> known = new LinkedHashSet<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<Fault> pictureFaults = new ArrayList<>();

    /** @param at where the fields stand, for {@code loc}: {@code ["body"]} or {@code ["query"]} */
    RequestFields(Map<String, ? extends @Nullable Object> given, List<Object> at) {
        this.given = given;
        this.at = at;
    }

    /** The fields of a JSON body. */
    static RequestFields ofJson(Exchange exchange, String... pictures) throws IOException {
        String type = exchange.mediaType();
        if (!type.equals(Exchange.JSON) && !(type.startsWith("application/") && type.endsWith("+json"))) {
            throw new Rejected(new Problem.UnsupportedMedia(
                    type.isEmpty()
                            ? "Content-Type is missing: send application/json"
                            : "Content-Type is " + type + ": send application/json"));
        }
        return new RequestFields(JsonObjects.read(exchange.body(), Set.of(pictures)), List.of("body"));
    }

    /** The value as it was sent; null also where it was not. */
    @Nullable
    Object raw(String name) {
        known.add(name);
        return given.get(name);
    }

    Optional<String> text(String name) {
        return switch (raw(name)) {
            case null -> Optional.empty();
            case String text when !text.isBlank() -> Optional.of(text);
            case String blank -> none("string_too_short", name, "Input should not be blank", blank);
            case Object other -> none("string_type", name, "Input should be a text", other);
        };
    }

    /** Empty only after a complaint: once {@link #finish} has returned, it holds a text. */
    Optional<String> requiredText(String name) {
        return raw(name) == null ? none("missing", name, "Field required", null) : text(name);
    }

    /** Empty only after a complaint. */
    Optional<Task> requiredTask(String name) {
        return raw(name) == null ? none("missing", name, "Field required", null) : task(name);
    }

    Optional<Task> task(String name) {
        Object value = raw(name);
        if (value == null) {
            return Optional.empty();
        }
        Optional<Task> task = value instanceof String word ? Task.of(word) : Optional.empty();
        return task.isPresent()
                ? task
                : none("enum", name, "Input should be one of: " + String.join(", ", Task.words()), value);
    }

    /** False where the field is missing or null. */
    boolean flag(String name) {
        Object value = raw(name);
        if (value != null && !(value instanceof Boolean)) {
            none("bool_type", name, "Input should be true or false", value);
        }
        return Boolean.TRUE.equals(value);
    }

    OptionalInt whole(String name, int least) {
        Object value = raw(name);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!(value instanceof Integer number)) {
            none("int_type", name, "Input should be a whole number", value);
            return OptionalInt.empty();
        }
        if (number < least) {
            none("greater_than_equal", name, "Input should be " + least + " or more", value);
            return OptionalInt.empty();
        }
        return OptionalInt.of(number);
    }

    /** An object's members; none where the field is missing or null. */
    @SuppressWarnings("unchecked") // JsonObjects makes maps of this type only
    Map<String, @Nullable Object> object(String name) {
        return switch (raw(name)) {
            case null -> Map.of();
            case Map<?, ?> map -> (Map<String, @Nullable Object>) map;
            case Object other -> {
                none("dict_type", name, "Input should be an object", other);
                yield Map.of();
            }
        };
    }

    /** Takes over every field that is {@code wanted}, for checks done elsewhere. */
    Map<String, @Nullable Object> those(Predicate<String> wanted) {
        Map<String, @Nullable Object> taken = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (wanted.test(name)) {
                known.add(name);
                taken.put(name, value);
            }
        });
        return taken;
    }

    /** The list that checks done elsewhere add to. */
    List<Fault> faults() {
        return faults;
    }

    void complain(String type, String name, String msg, @Nullable Object input) {
        complain(type, List.of(name), msg, input);
    }

    void complain(String type, List<Object> where, String msg, @Nullable Object input) {
        faults.add(new Fault(type, loc(where), msg, input));
    }

    /** A fault of a picture: alone it makes the request a bad one (400), beside others it is one of their list (422). */
    void complainOfPicture(String type, List<Object> where, String msg) {
        pictureFaults.add(new Fault(type, loc(where), msg, null));
    }

    /** @throws Rejected if anything was wrong */
    void finish() {
        for (String name : given.keySet()) {
            if (!known.contains(name)) {
                String nearest = Nearest.to(name, known)
                        .map(word -> ": did you mean '" + word + "'?")
                        .orElse("; known are: " + String.join(", ", known));
                complain("extra_forbidden", name, "Unknown field" + nearest, given.get(name));
            }
        }
        if (!faults.isEmpty()) {
            faults.addAll(pictureFaults);
            throw new Rejected(new Problem.Invalid(faults));
        }
        if (!pictureFaults.isEmpty()) {
            throw new Rejected(
                    new Problem.BadInput(pictureFaults.stream().map(Fault::msg).collect(Collectors.joining("; "))));
        }
    }

    private <T> Optional<T> none(String type, String name, String msg, @Nullable Object input) {
        complain(type, name, msg, input);
        return Optional.empty();
    }

    private List<Object> loc(List<Object> where) {
        List<Object> loc = new ArrayList<>(at);
        loc.addAll(where);
        return loc;
    }
}
