package mata.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Joint;
import mata.result.Mask;
import mata.result.Pose;
import mata.result.Result;
import mata.result.Segment;
import mata.result.TextRegion;

/** Reads a {@code mata.v1} object as any client would, back into what the model said. */
final class AnswerJson {

    private AnswerJson() {}

    /** Masks have to be PNGs, as they are where nothing else is asked for. */
    static Result read(JsonNode answer) throws IOException {
        if (answer.has("classifications")) {
            return new Result.Classifications(items(answer, "classifications", AnswerJson::classification));
        } else if (answer.has("detections")) {
            return new Result.Detections(items(answer, "detections", AnswerJson::detection));
        } else if (answer.has("segments")) {
            return new Result.Segments(items(answer, "segments", AnswerJson::segment));
        } else if (answer.has("keypoints")) {
            return new Result.Poses(items(answer, "keypoints", AnswerJson::pose));
        } else if (answer.has("depth_map")) {
            return depth(answer);
        } else if (answer.has("regions")) {
            return new Result.Text(text(answer, "text"), items(answer, "regions", AnswerJson::region));
        }
        JsonNode usage = answer.path("usage");
        return new Result.Said(
                text(answer, "text"),
                text(answer, "finish_reason"),
                usage.path("prompt_tokens").asInt(),
                usage.path("completion_tokens").asInt());
    }

    private interface Reading<T> {
        T of(JsonNode item) throws IOException;
    }

    private static <T> List<T> items(JsonNode answer, String field, Reading<T> reading) throws IOException {
        List<T> items = new ArrayList<>();
        for (JsonNode item : answer.path(field)) {
            items.add(reading.of(item));
        }
        return items;
    }

    private static Classification classification(JsonNode item) {
        return new Classification(item.path("id").asInt(), text(item, "label"), confidence(item));
    }

    private static Detection detection(JsonNode item) {
        return new Detection(
                text(item, "label"),
                confidence(item),
                box(item),
                item.path("track_id").asInt());
    }

    private static Segment segment(JsonNode item) throws IOException {
        return new Segment(
                text(item, "label"),
                confidence(item),
                box(item),
                new Mask.Png(item.path("mask").binaryValue()));
    }

    private static Pose pose(JsonNode item) throws IOException {
        return new Pose(
                text(item, "label"),
                confidence(item),
                box(item),
                items(item, "keypoints", joint -> new Joint(number(joint, 0), number(joint, 1), number(joint, 2))));
    }

    private static TextRegion region(JsonNode item) {
        List<Float> polygon = new ArrayList<>();
        for (JsonNode corner : item.path("polygon")) {
            polygon.add(number(corner, 0));
            polygon.add(number(corner, 1));
        }
        return new TextRegion(text(item, "text"), confidence(item), box(item), polygon);
    }

    private static Result.Depth depth(JsonNode answer) throws IOException {
        JsonNode shape = answer.path("depth_shape");
        int height = shape.path(0).asInt();
        int width = shape.path(1).asInt();
        var values = new float[height * width];
        ByteBuffer.wrap(answer.path("depth_map").binaryValue())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new Result.Depth(
                new FloatGrid(height, width, values), text(answer, "depth_kind").equals("metric"));
    }

    private static Box box(JsonNode item) {
        JsonNode corners = item.path("bbox");
        return new Box(number(corners, 0), number(corners, 1), number(corners, 2), number(corners, 3));
    }

    private static float confidence(JsonNode item) {
        return (float) item.path("confidence").asDouble();
    }

    private static float number(JsonNode list, int index) {
        return (float) list.path(index).asDouble();
    }

    private static String text(JsonNode item, String field) {
        return item.path(field).asText();
    }
}
