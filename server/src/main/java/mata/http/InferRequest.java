package mata.http;

import java.io.IOException;
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

    private static final Set<String> NO_PARAMETERS = Set.of("model", "task", "keep_alive", "file");

    /**
     * A JSON body with base64 pictures, or one picture as the body and everything else in the query.
     *
     * @param maxPixels the most that a picture's header may say
     */
    static InferRequest read(Exchange exchange, long maxPixels) throws IOException {
        String type = exchange.mediaType();
        return type.startsWith("image/") || type.equals("application/octet-stream")
                ? ofPicture(exchange, maxPixels)
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
        List<byte[]> pictures = new RequestPictures(fields, maxPixels).encoded(image, images);
        fields.finish();
        return new InferRequest(model.orElseThrow(), task, pictures, images != null, params, keepAlive);
    }

    /** {@code multipart/form-data}, as a browser or {@code curl -F} sends it. */
    static InferRequest ofForm(Exchange exchange, long maxPixels) throws IOException {
        if (!exchange.mediaType().equals("multipart/form-data")) {
            throw new Rejected(new Problem.UnsupportedMedia("Content-Type should be multipart/form-data"));
        }
        Map<String, Object> form =
                FormData.read(exchange.header("Content-Type").orElse(""), exchange.body(), Set.of("file"));
        var fields = new RequestFields(untexted(form), List.of("body"));
        byte[] picture = {};
        if (fields.raw("file") instanceof FormData.File file) {
            picture = file.bytes();
            new RequestPictures(fields, maxPixels).look(picture, List.of("file"), "file", "Uploaded file is empty");
        } else {
            fields.complain("missing", "file", "Field required", null);
        }
        return ofTexts(fields, List.of("body"), picture, Parameter::inForm);
    }

    private static InferRequest ofPicture(Exchange exchange, long maxPixels) throws IOException {
        Map<String, Object> query = new LinkedHashMap<>();
        exchange.query().forEach((name, values) -> query.put(name, values.getLast()));
        var fields = new RequestFields(untexted(query), List.of("query"));
        byte[] picture = exchange.body();
        new RequestPictures(fields, maxPixels)
                .look(picture, List.of(), "The body", "The body is empty: it should be a picture");
        return ofTexts(fields, List.of("query"), picture, InferRequest::fitsAText);
    }

    /** @param allowed which parameters may come as a text */
    private static InferRequest ofTexts(
            RequestFields fields, List<Object> at, byte[] picture, Predicate<Parameter> allowed) {
        Optional<String> model = fields.requiredText("model");
        Optional<Task> task = fields.task("task");
        OptionalInt keepAlive = fields.whole("keep_alive", -1);
        Map<String, @Nullable Object> given = fields.those(name -> !NO_PARAMETERS.contains(name));
        given.keySet().removeIf(name -> {
            boolean onlyInJson = Parameter.of(name).filter(allowed.negate()).isPresent();
            if (onlyInJson) {
                fields.complain("json_only", name, "Can only be sent in a JSON body, in params", given.get(name));
            }
            return onlyInJson;
        });
        Params params = ParamsReader.read(given, at, fields.faults());
        fields.finish();
        return new InferRequest(model.orElseThrow(), task, List.of(picture), false, params, keepAlive);
    }

    private static boolean fitsAText(Parameter parameter) {
        return !(parameter.shape() instanceof Shape.Rows || parameter.shape() instanceof Shape.Size);
    }

    /** Texts that stand for numbers and flags as such, where the field's name says so. */
    private static Map<String, Object> untexted(Map<String, Object> given) {
        Map<String, Object> values = new LinkedHashMap<>();
        given.forEach((name, value) -> values.put(name, value instanceof String text ? untexted(name, text) : value));
        return values;
    }

    private static Object untexted(String name, String text) {
        return name.equals("keep_alive")
                ? TextValues.number(text)
                : Parameter.of(name)
                        .map(parameter -> TextValues.of(parameter, text))
                        .orElse(text);
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
}
