package mata.params;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import mata.problem.Fault;
import mata.problem.Nearest;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;

/** Reads parameters out of plain values (what a JSON object or a form gives), and reports every fault at once. */
public final class ParamsReader {

    /** Names that earlier releases of the original took, and what they are called now. */
    private static final Map<String, String> RENAMED = Map.of(
            "threshold", "confidence",
            "text_prompts", "prompts",
            "max_new_tokens", "max_tokens",
            "lang", "language",
            "detection_threshold", "detection_confidence",
            "segmentation_threshold", "segmentation_confidence");

    private final List<Object> at;
    private final List<Fault> faults = new ArrayList<>();
    private final EnumMap<Parameter, Object> values = new EnumMap<>(Parameter.class);

    private ParamsReader(List<Object> at) {
        this.at = at;
    }

    /**
     * @param given name to value: String, Number, Boolean, List, Map or null (= not given), as a JSON reader makes them
     * @throws Rejected with {@link Problem.Invalid}: one fault for each unknown, renamed or wrong value, at
     *     {@code ["body", "params", name, …]}
     */
    public static Params read(Map<String, ? extends @Nullable Object> given) {
        List<Fault> faults = new ArrayList<>();
        Params params = read(given, List.of("body", "params"), faults);
        if (!faults.isEmpty()) {
            throw new Rejected(new Problem.Invalid(faults));
        }
        return params;
    }

    /** As {@link #read(Map)}, but adds its faults, located under {@code at}, to those already found. */
    public static Params read(Map<String, ? extends @Nullable Object> given, List<Object> at, List<Fault> faults) {
        var reader = new ParamsReader(at);
        given.forEach(reader::take);
        faults.addAll(reader.faults);
        return new Params(reader.values);
    }

    private void take(String name, @Nullable Object value) {
        Optional<Parameter> parameter = Parameter.of(name);
        if (parameter.isEmpty()) {
            String renamed = RENAMED.get(name);
            String msg = renamed == null
                    ? "Unknown parameter" + nearest(name)
                    : "'" + name + "' is not a parameter here: use '" + renamed + "'";
            fault(List.of(name), "extra_forbidden", msg, value);
        } else if (value != null) {
            Object checked = check(parameter.get().shape(), value, List.of(name));
            if (checked != null) {
                values.put(parameter.get(), checked);
            }
        }
    }

    /** The value as its shape holds it, or null after a complaint. */
    private @Nullable Object check(Shape shape, Object value, List<Object> where) {
        return switch (shape) {
            case Shape.Fraction _ -> {
                Double number = number(value, 0, 1, where);
                yield number == null ? null : number.floatValue();
            }
            case Shape.Real(double least, double most) -> number(value, least, most, where);
            case Shape.Whole(int least, int most) -> whole(value, least, most, where);
            case Shape.Flag _ ->
                value instanceof Boolean ? value : fault(where, "bool_type", "Input should be true or false", value);
            case Shape.Text _ -> text(value, where);
            case Shape.Template _ -> {
                String text = text(value, where);
                yield text == null || text.split("\\{}", -1).length == 2
                        ? text
                        : fault(where, "value_error", "Input should contain {} exactly once", value);
            }
            case Shape.Words _ -> words(value, where);
            case Shape.OneOf(List<String> words) ->
                value instanceof String word && words.contains(word)
                        ? word
                        : fault(where, "literal_error", "Input should be one of: " + String.join(", ", words), value);
            case Shape.Size _ -> size(value, where);
            case Shape.Rows(int columns) -> rows(value, columns, where);
        };
    }

    private @Nullable Double number(Object value, double least, double most, List<Object> where) {
        if (!(value instanceof Number number)) {
            return fault(where, "float_type", "Input should be a number", value);
        }
        double d = number.doubleValue();
        if (!Double.isFinite(d)) {
            return fault(where, "finite_number", "Input should be a finite number", String.valueOf(value));
        }
        if (d < least) {
            return fault(where, "greater_than_equal", "Input should be " + shown(least) + " or more", value);
        }
        if (d > most) {
            return fault(where, "less_than_equal", "Input should be " + shown(most) + " or less", value);
        }
        return d;
    }

    private @Nullable Integer whole(Object value, int least, int most, List<Object> where) {
        Double d = number(value, least, most, where);
        if (d == null) {
            return null;
        }
        return d == Math.rint(d)
                ? (Integer) d.intValue()
                : fault(where, "int_from_float", "Input should be a whole number", value);
    }

    private @Nullable String text(Object value, List<Object> where) {
        if (!(value instanceof String text)) {
            return fault(where, "string_type", "Input should be a text", value);
        }
        return text.isBlank() ? fault(where, "string_too_short", "Input should not be blank", value) : text;
    }

    private @Nullable List<String> words(Object value, List<Object> where) {
        List<String> words = new ArrayList<>();
        switch (value) {
            case String text -> words.addAll(List.of(text.split("\\.")));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    if (list.get(i) instanceof String word) {
                        words.add(word);
                    } else {
                        return fault(plus(where, i), "string_type", "Input should be a text", list.get(i));
                    }
                }
            }
            default -> {
                return fault(where, "string_type", "Input should be a text or a list of texts", value);
            }
        }
        List<String> trimmed = words.stream()
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
        return trimmed.isEmpty() ? fault(where, "too_short", "Input should hold at least one prompt", value) : trimmed;
    }

    private @Nullable List<Integer> size(Object value, List<Object> where) {
        if (!(value instanceof List<?> list) || list.size() != 2) {
            return fault(where, "list_type", "Input should be [height, width]", value);
        }
        List<Integer> size = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Integer side = wholeItem(list.get(i), 1, Integer.MAX_VALUE, plus(where, i));
            if (side == null) {
                return null;
            }
            size.add(side);
        }
        return List.copyOf(size);
    }

    private @Nullable Integer wholeItem(@Nullable Object item, int least, int most, List<Object> where) {
        return item == null
                ? fault(where, "int_type", "Input should be a whole number", null)
                : whole(item, least, most, where);
    }

    private @Nullable List<List<Float>> rows(Object value, int columns, List<Object> where) {
        if (!(value instanceof List<?> list)) {
            return fault(where, "list_type", "Input should be a list of lists of " + columns + " numbers", value);
        }
        if (list.isEmpty()) {
            return fault(where, "too_short", "Input should hold at least one entry", value);
        }
        List<List<Float>> rows = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof List<?> row) || row.size() != columns) {
                return fault(
                        plus(where, i), "list_type", "Input should be a list of " + columns + " numbers", list.get(i));
            }
            List<Float> numbers = new ArrayList<>();
            for (int j = 0; j < columns; j++) {
                Object item = row.get(j);
                Double number = item == null
                        ? fault(plus(plus(where, i), j), "float_type", "Input should be a number", null)
                        : number(item, -Float.MAX_VALUE, Float.MAX_VALUE, plus(plus(where, i), j));
                if (number == null) {
                    return null;
                }
                numbers.add(number.floatValue());
            }
            rows.add(List.copyOf(numbers));
        }
        return List.copyOf(rows);
    }

    /** Notes a fault; null, so that a check can end with it. */
    @SuppressWarnings("TypeParameterUnusedInFormals") // always null, so safe as any type
    private <T> @Nullable T fault(List<Object> where, String type, String msg, @Nullable Object input) {
        List<Object> loc = new ArrayList<>(at);
        loc.addAll(where);
        faults.add(new Fault(type, loc, msg, input));
        return null;
    }

    private static List<Object> plus(List<Object> where, Object part) {
        List<Object> longer = new ArrayList<>(where);
        longer.add(part);
        return longer;
    }

    private static String shown(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15
                ? String.format(Locale.ROOT, "%d", (long) bound)
                : String.valueOf(bound);
    }

    private static String nearest(String name) {
        List<String> known = new ArrayList<>(RENAMED.keySet());
        for (Parameter parameter : Parameter.values()) {
            known.add(parameter.word());
        }
        return Nearest.to(name, known)
                .map(word -> ": did you mean '" + RENAMED.getOrDefault(word, word) + "'?")
                .orElse("");
    }
}
