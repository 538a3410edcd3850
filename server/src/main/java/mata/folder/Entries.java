package mata.folder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object of a model's folder, read key by key. A null counts as absent, as in the published files. A value of the
 * wrong kind is a {@link Rejected} with {@code BadInput} that names file and key.
 */
public final class Entries {

    private final String where;
    private final Map<String, ?> values;

    /** @param values maps, lists, strings, numbers, booleans and nulls, as a JSON reader makes them */
    Entries(String where, Map<String, ?> values) {
        this.where = where;
        this.values = values;
    }

    /** All of it, as a JSON reader makes it; not to be changed. */
    public Map<String, ?> tree() {
        return values;
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public boolean has(String key) {
        return values.get(key) != null;
    }

    public Optional<String> text(String key) {
        return value(key, "a text", value -> value instanceof String text ? text : null);
    }

    public Optional<Boolean> flag(String key) {
        return value(key, "true or false", value -> value instanceof Boolean flag ? flag : null);
    }

    public boolean flag(String key, boolean absent) {
        return flag(key).orElse(absent);
    }

    public OptionalDouble number(String key) {
        Optional<Number> number = value(key, "a number", value -> value instanceof Number found ? found : null);
        return number.isPresent() ? OptionalDouble.of(number.get().doubleValue()) : OptionalDouble.empty();
    }

    public OptionalInt whole(String key) {
        Optional<Number> number = value(
                key,
                "a whole number",
                value -> value instanceof Number found && found.doubleValue() == found.intValue() ? found : null);
        return number.isPresent() ? OptionalInt.of(number.get().intValue()) : OptionalInt.empty();
    }

    public int whole(String key, int absent) {
        return whole(key).orElse(absent);
    }

    /** Whether there is one number under the key, rather than an object or a list. */
    public boolean isNumber(String key) {
        return values.get(key) instanceof Number;
    }

    public boolean isText(String key) {
        return values.get(key) instanceof String;
    }

    public boolean isList(String key) {
        return values.get(key) instanceof List;
    }

    /** Empty where there is none. */
    public List<Double> numbers(String key) {
        return list(key, "a list of numbers", value -> value instanceof Number number ? number.doubleValue() : null);
    }

    /** Empty where there is none. */
    public List<String> texts(String key) {
        return list(key, "a list of texts", value -> value instanceof String text ? text : null);
    }

    /** The object under a key; an empty one where there is none. */
    public Entries object(String key) {
        Map<String, ?> object = value(key, "an object", Entries::asObject).orElse(Map.of());
        return new Entries(where + ": " + key, object);
    }

    /** All entries as texts, in the file's order: what {@code id2label} is. */
    public Map<String, String> asTexts() {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return texts;
    }

    private <T> List<T> list(String key, String wanted, Function<Object, @Nullable T> item) {
        List<?> items = value(key, wanted, value -> value instanceof List<?> list ? list : null)
                .orElse(List.of());
        return items.stream()
                .map(value -> Optional.ofNullable(value).map(item).orElseThrow(() -> wrong(key, wanted)))
                .toList();
    }

    /** @param read gives null for a value of the wrong kind */
    private <T> Optional<T> value(String key, String wanted, Function<Object, @Nullable T> read) {
        Object value = values.get(key);
        if (value == null) {
            return Optional.empty();
        }
        T found = read.apply(value);
        if (found == null) {
            throw wrong(key, wanted);
        }
        return Optional.of(found);
    }

    @SuppressWarnings("unchecked") // keys of JSON are strings
    private static @Nullable Map<String, ?> asObject(Object value) {
        return value instanceof Map<?, ?> map ? (Map<String, ?>) map : null;
    }

    private Rejected wrong(String key, String wanted) {
        return new Rejected(new Problem.BadInput(
                where + ": " + key + " is " + values.get(key) + " where " + wanted + " is needed"));
    }
}
