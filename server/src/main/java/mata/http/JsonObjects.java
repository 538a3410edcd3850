package mata.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mata.problem.Fault;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;

/** Reads a request's JSON object into plain values, pictures excepted: those stay where they are, as {@link EncodedPicture}. */
final class JsonObjects {

    private static final int MOST_MEMBERS = 100;

    private final byte[] body;
    private final Set<String> pictures;
    private final JsonParser parser;

    private JsonObjects(byte[] body, Set<String> pictures, JsonParser parser) {
        this.body = body;
        this.pictures = pictures;
        this.parser = parser;
    }

    /**
     * @param pictures names of the members whose texts are base64
     * @return name to value, in the order sent: String, Integer, Long, BigInteger, Double, Boolean, null, List, Map,
     *     EncodedPicture
     * @throws Rejected Invalid when the body is not a JSON object: {@code json_invalid} with the offset of what is wrong
     */
    static Map<String, @Nullable Object> read(byte[] body, Set<String> pictures) {
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            return new JsonObjects(body, pictures, parser).whole();
        } catch (JsonProcessingException e) {
            throw notJson(e, body.length);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory cannot fail to be read", e);
        }
    }

    private Map<String, @Nullable Object> whole() throws IOException {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw fault("missing", List.of("body"), "Field required: the request has no body");
        }
        if (first != JsonToken.START_OBJECT) {
            throw fault("model_attributes_type", List.of("body"), "Input should be a JSON object");
        }
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            put(object, name, pictures.contains(name) ? picture() : value());
        }
        if (parser.nextToken() != null) {
            throw new com.fasterxml.jackson.core.JsonParseException(parser, "more follows after the object's end");
        }
        return object;
    }

    private @Nullable Object value() throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getNumberValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value());
                }
                yield list;
            }
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    put(object, name, value());
                }
                yield object;
            }
            default -> null;
        };
    }

    private @Nullable Object picture() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return encoded();
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return value();
        }
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(parser.currentToken() == JsonToken.VALUE_STRING ? encoded() : value());
        }
        return list;
    }

    /** The text that the parser stands before, and skips at its next step without making a String of it. */
    private EncodedPicture encoded() throws IOException {
        long quote = parser.currentTokenLocation().getByteOffset();
        if (quote < 0 || quote >= body.length || body[(int) quote] != '"') {
            // A body in UTF-16 or UTF-32: its bytes are not the text's.
            return EncodedPicture.of(parser.getText());
        }
        int from = (int) quote + 1;
        int to = from;
        boolean escaped = false;
        while (to < body.length && body[to] != '"') {
            if (body[to] == '\\') {
                escaped = true;
                to++;
            }
            to++;
        }
        return new EncodedPicture(body, from, Math.min(to, body.length), escaped);
    }

    private static void put(Map<String, @Nullable Object> object, String name, @Nullable Object value) {
        object.put(name, value);
        if (object.size() > MOST_MEMBERS) {
            throw fault("too_long", List.of("body"), "An object should have at most " + MOST_MEMBERS + " members");
        }
    }

    private static Rejected notJson(JsonProcessingException e, int length) {
        long offset = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        long at = Math.clamp(offset, 0, length);
        return fault("json_invalid", List.of("body", at), "JSON decode error at " + at + ": " + e.getOriginalMessage());
    }

    private static Rejected fault(String type, List<Object> loc, String msg) {
        return new Rejected(new Problem.Invalid(List.of(new Fault(type, loc, msg, null))));
    }
}
