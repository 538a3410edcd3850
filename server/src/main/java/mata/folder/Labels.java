package mata.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import mata.problem.Problem;
import mata.problem.Rejected;

/** What a model calls its classes. Ids may have gaps (COCO-91), names may occur twice (ImageNet's two cranes). */
public final class Labels {

    public static final Labels NONE = new Labels(new TreeMap<>());

    /** A Python dict or list literal, as YOLO exports write their {@code names}: single quotes, integer keys. */
    private static final JsonMapper PYTHON_LITERAL = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private final NavigableMap<Integer, String> names;

    private Labels(NavigableMap<Integer, String> names) {
        this.names = names;
    }

    /** {@code id2label}. */
    static Labels ofIds(Map<String, String> byId) {
        var names = new TreeMap<Integer, String>();
        byId.forEach((id, name) -> names.put(number(id), name));
        return new Labels(names);
    }

    public static Labels of(List<String> inOrder) {
        var names = new TreeMap<Integer, String>();
        inOrder.forEach(name -> names.put(names.size(), name));
        return new Labels(names);
    }

    /** YOLO's metadata entry {@code names}. */
    static Labels ofPython(String literal) {
        try {
            JsonNode tree = PYTHON_LITERAL.readTree(literal);
            var names = new TreeMap<Integer, String>();
            if (tree.isArray()) {
                tree.forEach(name -> names.put(names.size(), name.asText()));
            } else {
                tree.properties()
                        .forEach(entry -> names.put(
                                number(entry.getKey()), entry.getValue().asText()));
            }
            return new Labels(names);
        } catch (JsonProcessingException e) {
            throw new Rejected(new Problem.BadInput("the graph's metadata entry names cannot be read: " + literal), e);
        }
    }

    private static int number(String id) {
        try {
            return Integer.parseInt(id.strip());
        } catch (NumberFormatException e) {
            throw new Rejected(new Problem.BadInput("a label's id is not a whole number: " + id), e);
        }
    }

    /** The label of a class; {@code class_<id>} where it has none: nothing that was found is dropped for want of a name. */
    public String of(int id) {
        String name = names.get(id);
        return name == null ? "class_" + id : name;
    }

    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** One more than the highest id, gaps included: how many classes the model's head has, as far as labels tell. */
    public int count() {
        return names.isEmpty() ? 0 : names.lastKey() + 1;
    }
}
