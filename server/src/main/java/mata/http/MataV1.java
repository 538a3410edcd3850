package mata.http;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Answer;
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
import mata.result.Timings;
import mata.task.ModelRef;
import mata.task.Task;

/** An answer as a {@code mata.v1} object, written piece by piece: neither a mask nor a depth map is ever a text in memory. */
final class MataV1 {

    private MataV1() {}

    /**
     * @param timestamp when the answer was given
     * @param warnings of the listener, beside those that the answer brings
     * @throws Rejected Broken when the model gave a number that JSON cannot say, naming the output; nothing is written then
     */
    static JsonWriting of(ModelRef model, Task task, Instant timestamp, Answer answer, List<String> warnings) {
        requireFinite(model, answer.result());
        return out -> {
            out.writeStartObject();
            out.writeStringField("schema_version", "mata.v1");
            out.writeStringField("task", task.word());
            out.writeStringField("model", model.id());
            out.writeNumberField("timestamp", UnixTime.seconds(timestamp));
            write(out, answer.result());
            size(out, "image_size", answer.height(), answer.width());
            write(out, answer.timings());
            if (!warnings.isEmpty()) {
                out.writeArrayFieldStart("warnings");
                for (String warning : warnings) {
                    out.writeString(warning);
                }
                out.writeEndArray();
            }
            out.writeEndObject();
        };
    }

    private static void write(JsonGenerator out, Result result) throws IOException {
        switch (result) {
            case Result.Classifications(var items) -> {
                out.writeArrayFieldStart("classifications");
                for (Classification item : items) {
                    out.writeStartObject();
                    labelled(out, item.label(), item.confidence());
                    out.writeNumberField("id", item.id());
                    out.writeEndObject();
                }
                out.writeEndArray();
            }
            case Result.Detections(var items) -> {
                out.writeArrayFieldStart("detections");
                for (Detection item : items) {
                    out.writeStartObject();
                    labelled(out, item.label(), item.confidence());
                    box(out, item.box());
                    if (item.trackId() > 0) {
                        out.writeNumberField("track_id", item.trackId());
                    }
                    out.writeEndObject();
                }
                out.writeEndArray();
            }
            case Result.Segments(var items) -> {
                out.writeArrayFieldStart("segments");
                for (Segment item : items) {
                    out.writeStartObject();
                    labelled(out, item.label(), item.confidence());
                    box(out, item.box());
                    write(out, item.mask());
                    out.writeEndObject();
                }
                out.writeEndArray();
            }
            case Result.Poses(var items) -> {
                out.writeArrayFieldStart("keypoints");
                for (Pose item : items) {
                    write(out, item);
                }
                out.writeEndArray();
            }
            case Result.Text(var text, var regions) -> {
                out.writeStringField("text", text);
                out.writeArrayFieldStart("regions");
                for (TextRegion region : regions) {
                    write(out, region);
                }
                out.writeEndArray();
            }
            case Result.Depth(var map, var metric) -> {
                out.writeFieldName("depth_map");
                base64(out, new LittleEndian(map), map.values().length * Float.BYTES);
                size(out, "depth_shape", map.height(), map.width());
                out.writeStringField("depth_kind", metric ? "metric" : "relative");
            }
            case Result.Said said -> {
                out.writeStringField("text", said.text());
                out.writeStringField("finish_reason", said.finishReason());
                out.writeObjectFieldStart("usage");
                out.writeNumberField("prompt_tokens", said.promptTokens());
                out.writeNumberField("completion_tokens", said.completionTokens());
                out.writeEndObject();
            }
        }
    }

    private static void write(JsonGenerator out, Pose pose) throws IOException {
        out.writeStartObject();
        labelled(out, pose.label(), pose.confidence());
        box(out, pose.box());
        out.writeArrayFieldStart("keypoints");
        for (Joint joint : pose.joints()) {
            out.writeStartArray();
            out.writeNumber(joint.x());
            out.writeNumber(joint.y());
            out.writeNumber(joint.confidence());
            out.writeEndArray();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, TextRegion region) throws IOException {
        out.writeStartObject();
        out.writeStringField("text", region.text());
        box(out, region.box());
        out.writeNumberField("confidence", region.confidence());
        if (!region.polygon().isEmpty()) {
            out.writeArrayFieldStart("polygon");
            for (int i = 0; i + 1 < region.polygon().size(); i += 2) {
                out.writeStartArray();
                out.writeNumber(region.polygon().get(i));
                out.writeNumber(region.polygon().get(i + 1));
                out.writeEndArray();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Mask mask) throws IOException {
        out.writeFieldName("mask");
        switch (mask) {
            case Mask.Png(byte[] bytes) -> {
                base64(out, new ByteArrayInputStream(bytes), bytes.length);
                out.writeStringField("mask_format", "png");
            }
            case Mask.Rle(int height, int width, int[] counts) -> {
                out.writeStartObject();
                size(out, "size", height, width);
                out.writeFieldName("counts");
                out.writeArray(counts, 0, counts.length);
                out.writeEndObject();
                out.writeStringField("mask_format", "rle");
            }
            case Mask.Polygons(var rings) -> {
                out.writeStartArray();
                for (float[] ring : rings) {
                    out.writeStartArray();
                    for (float coordinate : ring) {
                        out.writeNumber(coordinate);
                    }
                    out.writeEndArray();
                }
                out.writeEndArray();
                out.writeStringField("mask_format", "polygon");
            }
        }
    }

    private static void labelled(JsonGenerator out, String label, float confidence) throws IOException {
        out.writeStringField("label", label);
        out.writeNumberField("confidence", confidence);
    }

    private static void box(JsonGenerator out, Box box) throws IOException {
        out.writeArrayFieldStart("bbox");
        out.writeNumber(box.x1());
        out.writeNumber(box.y1());
        out.writeNumber(box.x2());
        out.writeNumber(box.y2());
        out.writeEndArray();
    }

    private static void size(JsonGenerator out, String name, int height, int width) throws IOException {
        out.writeArrayFieldStart(name);
        out.writeNumber(height);
        out.writeNumber(width);
        out.writeEndArray();
    }

    private static void write(JsonGenerator out, Timings timings) throws IOException {
        out.writeObjectFieldStart("timings");
        out.writeNumberField("queue_ms", microseconds(timings.queueMs()));
        out.writeNumberField("load_ms", microseconds(timings.loadMs()));
        out.writeNumberField("decode_ms", microseconds(timings.decodeMs()));
        out.writeNumberField("pre_ms", microseconds(timings.preMs()));
        out.writeNumberField("run_ms", microseconds(timings.runMs()));
        out.writeNumberField("post_ms", microseconds(timings.postMs()));
        out.writeEndObject();
    }

    /** Milliseconds to three places. */
    private static double microseconds(double milliseconds) {
        return Math.round(milliseconds * 1000) / 1000.0;
    }

    private static void base64(JsonGenerator out, InputStream bytes, int length) throws IOException {
        out.writeBinary(Base64Variants.MIME_NO_LINEFEEDS, bytes, length);
    }

    private static void requireFinite(ModelRef model, Result result) {
        String output = switch (result) {
            case Result.Classifications(var items) ->
                items.stream().allMatch(item -> Float.isFinite(item.confidence())) ? "" : "classifications";
            case Result.Detections(var items) ->
                items.stream().allMatch(item -> isFinite(item.confidence(), item.box())) ? "" : "detections";
            case Result.Segments(var items) ->
                items.stream().allMatch(item -> isFinite(item.confidence(), item.box())) ? "" : "segments";
            case Result.Poses(var items) -> items.stream().allMatch(MataV1::isFinite) ? "" : "keypoints";
            case Result.Text text ->
                text.regions().stream().allMatch(region -> isFinite(region.confidence(), region.box()))
                        ? ""
                        : "regions";
            case Result.Depth depth -> isFinite(depth.map().values()) ? "" : "depth_map";
            case Result.Said _ -> "";
        };
        if (!output.isEmpty()) {
            throw new Rejected(
                    new Problem.Broken(model + " gave a number that is not finite (NaN or infinity) in " + output));
        }
    }

    private static boolean isFinite(Pose pose) {
        return isFinite(pose.confidence(), pose.box())
                && pose.joints().stream()
                        .allMatch(joint -> Float.isFinite(joint.x())
                                && Float.isFinite(joint.y())
                                && Float.isFinite(joint.confidence()));
    }

    private static boolean isFinite(float confidence, Box box) {
        return Float.isFinite(confidence)
                && Float.isFinite(box.x1())
                && Float.isFinite(box.y1())
                && Float.isFinite(box.x2())
                && Float.isFinite(box.y2());
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** A grid's numbers as little-endian float32, row by row. */
    private static final class LittleEndian extends InputStream {

        private final float[] values;
        private final ByteBuffer piece =
                ByteBuffer.allocate(1 << 14).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        private int taken;

        LittleEndian(FloatGrid grid) {
            this.values = grid.values();
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            if (isAtEnd()) {
                return -1;
            }
            int count = Math.min(length, piece.remaining());
            piece.get(into, offset, count);
            return count;
        }

        @Override
        public int read() {
            return isAtEnd() ? -1 : piece.get() & 0xFF;
        }

        private boolean isAtEnd() {
            if (!piece.hasRemaining()) {
                int count = Math.min(piece.capacity() / Float.BYTES, values.length - taken);
                piece.clear().limit(count * Float.BYTES);
                piece.asFloatBuffer().put(values, taken, count);
                taken += count;
            }
            return !piece.hasRemaining();
        }
    }
}
