package mata.params;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Checked parameters of one request. Holding one means that every value has its {@link Parameter}'s shape. A default
 * belongs to the family that reads the parameter, so accessors take it: {@code params.fraction(CONFIDENCE, 0.3f)}.
 */
public final class Params {

    public static final Params NONE = new Params(Map.of());

    private final Map<Parameter, Object> values;

    /** {@code ParamsReader} alone calls this, with values that it has checked. */
    Params(Map<Parameter, Object> checked) {
        this.values = checked.isEmpty() ? Map.of() : new EnumMap<>(checked);
    }

    public boolean has(Parameter parameter) {
        return values.containsKey(parameter);
    }

    public float fraction(Parameter parameter, float otherwise) {
        return values.get(parameter) instanceof Float value ? value : otherwise;
    }

    public double real(Parameter parameter, double otherwise) {
        return values.get(parameter) instanceof Double value ? value : otherwise;
    }

    public int whole(Parameter parameter, int otherwise) {
        return values.get(parameter) instanceof Integer value ? value : otherwise;
    }

    public OptionalInt whole(Parameter parameter) {
        return values.get(parameter) instanceof Integer value ? OptionalInt.of(value) : OptionalInt.empty();
    }

    public boolean flag(Parameter parameter, boolean otherwise) {
        return values.get(parameter) instanceof Boolean value ? value : otherwise;
    }

    public String text(Parameter parameter, String otherwise) {
        return values.get(parameter) instanceof String value ? value : otherwise;
    }

    /** The prompts in the order given; empty where there are none. */
    @SuppressWarnings("unchecked") // Shape.Words is held as List<String>
    public List<String> words(Parameter parameter) {
        return (List<String>) values.getOrDefault(parameter, List.of());
    }

    /** Rows of points or boxes; empty where there are none. */
    @SuppressWarnings("unchecked") // Shape.Rows is held as List<List<Float>>
    public List<List<Float>> rows(Parameter parameter) {
        return (List<List<Float>>) values.getOrDefault(parameter, List.of());
    }

    /** {@code [height, width]}. */
    @SuppressWarnings("unchecked") // Shape.Size is held as List<Integer>
    public Optional<List<Integer>> size(Parameter parameter) {
        return Optional.ofNullable((List<Integer>) values.get(parameter));
    }

    /** What was given, by name, in plain values that any JSON writer takes. */
    public Map<String, Object> asMap() {
        var map = new java.util.LinkedHashMap<String, Object>();
        values.forEach((parameter, value) -> map.put(parameter.word(), value));
        return map;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Params params && values.equals(params.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return "Params" + asMap();
    }
}
