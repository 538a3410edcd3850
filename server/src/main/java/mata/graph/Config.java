package mata.graph;

import java.util.List;
import java.util.Map;
import mata.problem.Problem;
import mata.problem.Rejected;

/** {@code config.json}, or an object inside it, read key by key. A null counts as absent, as in the published files. */
public final class Config {

    private final Map<String, ?> tree;
    private final String path;

    private Config(Map<String, ?> tree, String path) {
        this.tree = tree;
        this.path = path;
    }

    /** @param tree JSON as maps, lists, strings, numbers and booleans */
    public static Config of(Map<String, ?> tree) {
        return new Config(tree, "");
    }

    public boolean has(String key) {
        return tree.get(key) != null;
    }

    public boolean hasList(String key) {
        return tree.get(key) instanceof List<?>;
    }

    public String modelType() {
        return text("model_type", "");
    }

    /** The object under a key; an empty one where there is none. */
    public Config child(String key) {
        Object value = tree.get(key);
        if (value == null) {
            return new Config(Map.of(), path + key + ".");
        }
        if (value instanceof Map<?, ?> object) {
            @SuppressWarnings("unchecked") // keys of JSON are strings
            var subtree = (Map<String, ?>) object;
            return new Config(subtree, path + key + ".");
        }
        throw wrong(key, "an object");
    }

    public int integer(String key) {
        if (tree.get(key) instanceof Number number) {
            return number.intValue();
        }
        throw wrong(key, "a number");
    }

    public int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }

    public double decimal(String key, double absent) {
        if (!has(key)) {
            return absent;
        }
        if (tree.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(key, "a number");
    }

    public boolean flag(String key, boolean absent) {
        if (!has(key)) {
            return absent;
        }
        if (tree.get(key) instanceof Boolean flag) {
            return flag;
        }
        throw wrong(key, "true or false");
    }

    public String text(String key, String absent) {
        if (!has(key)) {
            return absent;
        }
        if (tree.get(key) instanceof String text) {
            return text;
        }
        throw wrong(key, "a text");
    }

    public List<Integer> integers(String key, List<Integer> absent) {
        return numbers(key, absent).stream().map(Number::intValue).toList();
    }

    public List<Double> decimals(String key, List<Double> absent) {
        return numbers(key, absent).stream().map(Number::doubleValue).toList();
    }

    private List<? extends Number> numbers(String key, List<? extends Number> absent) {
        if (!has(key)) {
            return absent;
        }
        if (tree.get(key) instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().map(Number.class::cast).toList();
        }
        throw wrong(key, "a list of numbers");
    }

    public List<String> texts(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (tree.get(key) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw wrong(key, "a list of texts");
    }

    /** A length that is written as one number for a square, or as {@code [height, width]}. */
    public Sides sides(String key, int absent) {
        if (tree.get(key) instanceof List<?>) {
            List<Integer> both = integers(key, List.of());
            if (both.size() == 2) {
                return new Sides(both.get(0), both.get(1));
            }
            throw wrong(key, "a number or [height, width]");
        }
        int side = integer(key, absent);
        return new Sides(side, side);
    }

    /** How many labels a head has: {@code id2label}, or two, as the library assumes. */
    public int labels() {
        return tree.get("id2label") instanceof Map<?, ?> labels ? labels.size() : integer("num_labels", 2);
    }

    private Rejected wrong(String key, String wanted) {
        return new Rejected(new Problem.BadInput(
                "config.json: " + path + key + " is " + tree.get(key) + " where " + wanted + " is needed"));
    }

    public record Sides(int height, int width) {}
}
