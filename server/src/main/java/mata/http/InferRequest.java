package mata.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import mata.params.Parameter;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.params.Shape;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.Task;
import org.jspecify.annotations.Nullable;

/**
 * What one inference request asks, in whichever of its four forms it came. Holding one means that every field has been
 * checked that can be checked without knowing the model.
 *
 * @param task what to do, if not the model's own task
 * @param pictures encoded, at least one
 * @param asList whether the answer is a list of results, because pictures were sent as a list
 * @param keepAliveSeconds how long the model stays afterwards, if not as long as usual
 */
record InferRequest(
        String model,
        Optional<Task> task,
        List<byte[]> pictures,
        boolean asList,
        Params params,
        OptionalInt keepAliveSeconds) {

    private static final int MOST_PICTURES = 100;

    /** A JSON body with base64 pictures, or one picture as the body and everything else in the query. */
    static InferRequest read(Exchange exchange, long maxPixels) throws IOException {
        String type = exchange.mediaType();
        return type.startsWith("image/") || type.equals("application/octet-stream")
                ? ofPicture(exchange)
                : ofJson(exchange, maxPixels);
    }

    private static InferRequest ofJson(Exchange exchange, long maxPixels) throws IOException {
        var fields = RequestFields.ofJson(exchange, "image", "images");
        Optional<String> model = fields.requiredText("model");
        Object image = fields.raw("image");
        Object images = fields.raw("images");
        Params params = ParamsReader.read(fields.object("params"), List.of("body", "params"), fields.faults());
        requireRoomFor(params, maxPixels, fields);
        Optional<Task> task = fields.task("task");
        OptionalInt keepAlive = fields.whole("keep_alive", -1);
        List<byte[]> pictures = pictures(fields, image, images);
        fields.finish();
        return new InferRequest(model.orElseThrow(), task, pictures, images != null, params, keepAlive);
    }

    /** {@code multipart/form-data}, as a browser or {@code curl -F} sends it. */
    static InferRequest ofForm(Exchange exchange) throws IOException {
        if (!exchange.mediaType().equals("multipart/form-data")) {
            throw new Rejected(new Problem.UnsupportedMedia("Content-Type should be multipart/form-data"));
        }
        Map<String, Object> form =
                FormData.read(exchange.header("Content-Type").orElse(""), exchange.body(), Set.of("file"));
        var fields = new RequestFields(plain(form), List.of("body"));
        Object file = fields.raw("file");
        if (file == null) {
            fields.complain("missing", "file", "Field required", null);
        } else if (file instanceof FormData.File(byte[] bytes) && bytes.length == 0) {
            fields.complainOfPicture("empty", List.of("file"), "Uploaded file is empty");
        }
        byte[] picture = file instanceof FormData.File(byte[] bytes) ? bytes : new byte[0];
        return ofTexts(fields, List.of("body"), picture, Parameter::inForm);
    }

    private static InferRequest ofPicture(Exchange exchange) throws IOException {
        Map<String, Object> query = new LinkedHashMap<>();
        exchange.query().forEach((name, values) -> query.put(name, values.getLast()));
        var fields = new RequestFields(plain(query), List.of("query"));
        byte[] picture = exchange.body();
        if (picture.length == 0) {
            fields.complainOfPicture("empty", List.of(), "The request has no body: it should be the image");
        }
        return ofTexts(fields, List.of("query"), picture, InferRequest::fitsAText);
    }

    private static InferRequest ofTexts(
            RequestFields fields, List<Object> at, byte[] picture, Predicate<Parameter> allowed) {
        Optional<String> model = fields.requiredText("model");
        Optional<Task> task = fields.task("task");
        OptionalInt keepAlive = fields.whole("keep_alive", -1);
        Map<String, @Nullable Object> given = fields.those(name -> true);
        Set.of("model", "task", "keep_alive", "file").forEach(given::remove);
        given.keySet().removeIf(name -> {
            boolean jsonOnly = Parameter.of(name).filter(allowed.negate()).isPresent();
            if (jsonOnly) {
                fields.complain("json_only", name, "Can only be sent in a JSON body, in params", given.get(name));
            }
            return jsonOnly;
        });
        Params params = ParamsReader.read(given, at, fields.faults());
        fields.finish();
        return new InferRequest(model.orElseThrow(), task, List.of(picture), false, params, keepAlive);
    }

    private static void requireRoomFor(Params params, long maxPixels, RequestFields fields) {
        params.size(Parameter.TARGET_SIZE).ifPresent(size -> {
            if ((long) size.get(0) * size.get(1) > maxPixels) {
                fields.complain(
                        "value_error",
                        List.of("params", "target_size"),
                        "Input should not have more than " + maxPixels + " pixels",
                        size);
            }
        });
    }

    private static boolean fitsAText(Parameter parameter) {
        return !(parameter.shape() instanceof Shape.Rows || parameter.shape() instanceof Shape.Size);
    }

    private static Map<String, Object> plain(Map<String, Object> texts) {
        Map<String, Object> plain = new LinkedHashMap<>();
        texts.forEach((name, value) -> plain.put(name, value instanceof String text ? plain(name, text) : value));
        return plain;
    }

    private static Object plain(String name, String text) {
        return name.equals("keep_alive")
                ? TextValues.number(text)
                : Parameter.of(name)
                        .map(parameter -> TextValues.of(parameter, text))
                        .orElse(text);
    }

    private static List<byte[]> pictures(RequestFields fields, @Nullable Object image, @Nullable Object images) {
        if (image != null && images != null) {
            fields.complain("value_error", "images", "Send either image or images, not both", null);
            return List.of();
        }
        List<byte[]> pictures = new ArrayList<>();
        switch (images) {
            case null -> picture(fields, image, List.of("image"), "image").ifPresent(pictures::add);
            case List<?> list
            when list.isEmpty() || list.size() > MOST_PICTURES ->
                fields.complain("value_error", "images", "Send 1 to " + MOST_PICTURES + " images", null);
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    picture(fields, list.get(i), List.of("images", i), "images[" + i + "]")
                            .ifPresent(pictures::add);
                }
            }
            case Object other ->
                fields.complain("list_type", "images", "Input should be a list of base64 texts", other);
        }
        return pictures;
    }

    private static Optional<byte[]> picture(
            RequestFields fields, @Nullable Object value, List<Object> where, String name) {
        switch (value) {
            case null -> fields.complainOfPicture("missing", where, "Missing " + name + " field");
            case EncodedPicture encoded
            when encoded.isEmpty() -> fields.complainOfPicture("empty", where, "The " + name + " field is empty");
            case EncodedPicture encoded -> {
                try {
                    return Optional.of(encoded.decode());
                } catch (IllegalArgumentException e) {
                    fields.complainOfPicture("base64", where, "Invalid base64 in " + name + ": " + e.getMessage());
                }
            }
            case Object other -> fields.complain("string_type", where, "Input should be a base64 text", other);
        }
        return Optional.empty();
    }
}
