package mata.reader;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.problem.Problem;
import mata.reader.wire.Claim;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import mata.reader.wire.Failure;
import mata.reader.wire.Heartbeat;
import mata.reader.wire.Job;
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
import mata.task.Task;

/** Our records as messages, and back. What goes out comes back equal; arrays of pictures and maps are not copied needlessly. */
public final class Wire {

    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private Wire() {}

    // ---- server to reader

    /**
     * @param picture not copied: do not change it until the job is done
     * @param params as {@link #json} writes them
     */
    public static Command job(long ticket, Task task, byte[] picture, String params, Duration budget) {
        return Command.newBuilder()
                .setJob(Job.newBuilder()
                        .setTicket(ticket)
                        .setTask(task.word())
                        .setPicture(UnsafeByteOperations.unsafeWrap(picture))
                        .setParams(params)
                        .setBudgetMs(Math.max(1, budget.toMillis())))
                .build();
    }

    static Params params(Job job) {
        try {
            return job.getParams().isEmpty() ? Params.NONE : ParamsReader.read(JSON.readValue(job.getParams(), OBJECT));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("parameters that are no JSON object: " + job.getParams(), e);
        }
    }

    /** Checked parameters as one text: equal where the parameters are. */
    public static String json(Params params) {
        try {
            Map<String, Object> map = params.asMap();
            return map.isEmpty() ? "" : JSON.writeValueAsString(map);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("parameters that JSON cannot hold: " + params, e);
        }
    }

    /** The array behind the message where the bytes fill it, else a copy. Do not change it. */
    static byte[] bytes(ByteString string) {
        var whole = new WholeArray(string.size());
        try {
            UnsafeByteOperations.unsafeWriteTo(string, whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return whole.bytes();
    }

    // ---- reader to server

    static Event heartbeat(int waitSeconds, long residentBytes) {
        return Event.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().setWaitS(waitSeconds).setResidentBytes(residentBytes))
                .build();
    }

    static Event claim(int room) {
        return Event.newBuilder().setClaim(Claim.newBuilder().setRoom(room)).build();
    }

    static Event result(long ticket, Answer answer) {
        var message = mata.reader.wire.Result.newBuilder()
                .setTicket(ticket)
                .setWidth(answer.width())
                .setHeight(answer.height())
                .setTimings(mata.reader.wire.Timings.newBuilder()
                        .setDecodeMs(answer.timings().decodeMs())
                        .setPreMs(answer.timings().preMs())
                        .setRunMs(answer.timings().runMs())
                        .setPostMs(answer.timings().postMs()))
                .addAllWarnings(answer.warnings());
        switch (answer.result()) {
            case Result.Classifications(var items) ->
                message.getClassificationsBuilder().addAllItems(all(items, Wire::message));
            case Result.Detections(var items) -> message.getDetectionsBuilder().addAllItems(all(items, Wire::message));
            case Result.Segments(var items) -> message.getSegmentsBuilder().addAllItems(all(items, Wire::message));
            case Result.Poses(var items) -> message.getPosesBuilder().addAllItems(all(items, Wire::message));
            case Result.Depth(var map, var metric) ->
                message.getDepthBuilder()
                        .setHeight(map.height())
                        .setWidth(map.width())
                        .setValues(littleEndian(map.values()))
                        .setMetric(metric);
            case Result.Text(var text, var regions) ->
                message.getTextBuilder().setText(text).addAllRegions(all(regions, Wire::message));
            case Result.Said(var text, var reason, var promptTokens, var completionTokens) ->
                message.getSaidBuilder()
                        .setText(text)
                        .setFinishReason(reason)
                        .setPromptTokens(promptTokens)
                        .setCompletionTokens(completionTokens);
        }
        return Event.newBuilder().setResult(message).build();
    }

    /** What the reader found. Times of waiting are the server's to add. */
    public static Answer answer(mata.reader.wire.Result message) {
        Result result = switch (message.getAnswerCase()) {
            case CLASSIFICATIONS ->
                new Result.Classifications(all(message.getClassifications().getItemsList(), Wire::record));
            case DETECTIONS -> new Result.Detections(all(message.getDetections().getItemsList(), Wire::record));
            case SEGMENTS -> new Result.Segments(all(message.getSegments().getItemsList(), Wire::record));
            case POSES -> new Result.Poses(all(message.getPoses().getItemsList(), Wire::record));
            case DEPTH ->
                new Result.Depth(
                        new FloatGrid(
                                message.getDepth().getHeight(),
                                message.getDepth().getWidth(),
                                floats(message.getDepth().getValues())),
                        message.getDepth().getMetric());
            case TEXT ->
                new Result.Text(
                        message.getText().getText(), all(message.getText().getRegionsList(), Wire::record));
            case SAID ->
                new Result.Said(
                        message.getSaid().getText(),
                        message.getSaid().getFinishReason(),
                        message.getSaid().getPromptTokens(),
                        message.getSaid().getCompletionTokens());
            case ANSWER_NOT_SET -> throw new IllegalArgumentException("a result without an answer");
        };
        var timings = message.getTimings();
        return new Answer(
                result,
                message.getWidth(),
                message.getHeight(),
                new Timings(0, 0, timings.getDecodeMs(), timings.getPreMs(), timings.getRunMs(), timings.getPostMs()),
                message.getWarningsList());
    }

    /** @param ticket 0 where the reader itself failed */
    static Event failure(long ticket, Problem problem) {
        var message = Failure.newBuilder().setTicket(ticket).setDetail(problem.detail());
        switch (problem) {
            case Problem.Invalid(var faults) ->
                message.setKind(Failure.Kind.INVALID).addAllFaults(all(faults, Wire::message));
            case Problem.BadInput _, Problem.TooLarge _, Problem.UnsupportedMedia _, Problem.Missing _ ->
                message.setKind(Failure.Kind.BAD_INPUT);
            case Problem.OutOfMemory _ -> message.setKind(Failure.Kind.OUT_OF_MEMORY);
            case Problem.ReaderLost _ -> message.setKind(Failure.Kind.ENGINE_FATAL);
            case Problem.Cancelled _ -> message.setKind(Failure.Kind.CANCELLED);
            case Problem.Broken _,
                    Problem.Busy _,
                    Problem.Conflict _,
                    Problem.DeadlinePassed _,
                    Problem.Forbidden _,
                    Problem.SlowSender _,
                    Problem.Unauthenticated _ -> message.setKind(Failure.Kind.BROKEN);
        }
        return Event.newBuilder().setFailure(message).build();
    }

    public static Problem problem(Failure failure) {
        return switch (failure.getKind()) {
            case BAD_INPUT -> new Problem.BadInput(failure.getDetail());
            case INVALID -> new Problem.Invalid(all(failure.getFaultsList(), Wire::record));
            case OUT_OF_MEMORY -> new Problem.OutOfMemory(failure.getDetail());
            case ENGINE_FATAL -> new Problem.ReaderLost(failure.getDetail());
            case CANCELLED -> new Problem.Cancelled(failure.getDetail());
            case BROKEN, UNRECOGNIZED -> new Problem.Broken(failure.getDetail());
        };
    }

    // ---- parts of results

    private static mata.reader.wire.Classification message(Classification item) {
        return mata.reader.wire.Classification.newBuilder()
                .setId(item.id())
                .setLabel(item.label())
                .setConfidence(item.confidence())
                .build();
    }

    private static Classification record(mata.reader.wire.Classification item) {
        return new Classification(item.getId(), item.getLabel(), item.getConfidence());
    }

    private static mata.reader.wire.Detection message(Detection item) {
        return mata.reader.wire.Detection.newBuilder()
                .setLabel(item.label())
                .setConfidence(item.confidence())
                .setBox(message(item.box()))
                .setTrackId(item.trackId())
                .build();
    }

    private static Detection record(mata.reader.wire.Detection item) {
        return new Detection(item.getLabel(), item.getConfidence(), record(item.getBox()), item.getTrackId());
    }

    private static mata.reader.wire.Segment message(Segment item) {
        return mata.reader.wire.Segment.newBuilder()
                .setLabel(item.label())
                .setConfidence(item.confidence())
                .setBox(message(item.box()))
                .setMask(message(item.mask()))
                .build();
    }

    private static Segment record(mata.reader.wire.Segment item) {
        return new Segment(item.getLabel(), item.getConfidence(), record(item.getBox()), record(item.getMask()));
    }

    private static mata.reader.wire.Mask message(Mask mask) {
        var message = mata.reader.wire.Mask.newBuilder();
        switch (mask) {
            case Mask.Png(var bytes) -> message.setPng(UnsafeByteOperations.unsafeWrap(bytes));
            case Mask.Rle(var height, var width, var counts) ->
                message.getRleBuilder()
                        .setHeight(height)
                        .setWidth(width)
                        .addAllCounts(Arrays.stream(counts).boxed().toList());
            case Mask.Polygons(var rings) ->
                rings.forEach(
                        ring -> message.getPolygonsBuilder().addRingsBuilder().addAllPoints(boxed(ring)));
        }
        return message.build();
    }

    private static Mask record(mata.reader.wire.Mask mask) {
        return switch (mask.getFormCase()) {
            case PNG -> new Mask.Png(bytes(mask.getPng()));
            case RLE ->
                new Mask.Rle(
                        mask.getRle().getHeight(),
                        mask.getRle().getWidth(),
                        mask.getRle().getCountsList().stream()
                                .mapToInt(Integer::intValue)
                                .toArray());
            case POLYGONS ->
                new Mask.Polygons(all(mask.getPolygons().getRingsList(), ring -> unboxed(ring.getPointsList())));
            case FORM_NOT_SET -> throw new IllegalArgumentException("a segment without a mask");
        };
    }

    private static mata.reader.wire.Pose message(Pose pose) {
        var message = mata.reader.wire.Pose.newBuilder()
                .setLabel(pose.label())
                .setConfidence(pose.confidence())
                .setBox(message(pose.box()));
        for (Joint joint : pose.joints()) {
            message.addJoints(joint.x()).addJoints(joint.y()).addJoints(joint.confidence());
        }
        return message.build();
    }

    private static Pose record(mata.reader.wire.Pose pose) {
        List<Joint> joints = new ArrayList<>(pose.getJointsCount() / 3);
        for (int i = 0; i + 2 < pose.getJointsCount(); i += 3) {
            joints.add(new Joint(pose.getJoints(i), pose.getJoints(i + 1), pose.getJoints(i + 2)));
        }
        return new Pose(pose.getLabel(), pose.getConfidence(), record(pose.getBox()), joints);
    }

    private static mata.reader.wire.TextRegion message(TextRegion region) {
        return mata.reader.wire.TextRegion.newBuilder()
                .setText(region.text())
                .setConfidence(region.confidence())
                .setBox(message(region.box()))
                .addAllPolygon(region.polygon())
                .build();
    }

    private static TextRegion record(mata.reader.wire.TextRegion region) {
        return new TextRegion(
                region.getText(), region.getConfidence(), record(region.getBox()), region.getPolygonList());
    }

    private static mata.reader.wire.Box message(Box box) {
        return mata.reader.wire.Box.newBuilder()
                .setX1(box.x1())
                .setY1(box.y1())
                .setX2(box.x2())
                .setY2(box.y2())
                .build();
    }

    private static Box record(mata.reader.wire.Box box) {
        return new Box(box.getX1(), box.getY1(), box.getX2(), box.getY2());
    }

    private static mata.reader.wire.Fault message(mata.problem.Fault fault) {
        var message = mata.reader.wire.Fault.newBuilder().setType(fault.type()).setMsg(fault.msg());
        for (Object part : fault.loc()) {
            var place = message.addLocBuilder();
            if (part instanceof Integer index) {
                place.setIndex(index);
            } else {
                place.setName(part.toString());
            }
        }
        return message.build();
    }

    private static mata.problem.Fault record(mata.reader.wire.Fault fault) {
        List<Object> loc =
                all(fault.getLocList(), place -> place.hasIndex() ? (Object) place.getIndex() : place.getName());
        return new mata.problem.Fault(fault.getType(), loc, fault.getMsg(), null);
    }

    // ---- numbers

    private static ByteString littleEndian(float[] values) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static float[] floats(ByteString bytes) {
        var values = new float[bytes.size() / Float.BYTES];
        bytes.asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    private static List<Float> boxed(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    private static float[] unboxed(List<Float> list) {
        var values = new float[list.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = list.get(i);
        }
        return values;
    }

    private static <T, R> List<R> all(List<T> items, java.util.function.Function<T, R> each) {
        return items.stream().map(each).toList();
    }

    /** Takes the one piece that a flat ByteString consists of, and copies only where it is a part of a larger array. */
    private static final class WholeArray extends ByteOutput {

        private final int size;
        private byte[] bytes = new byte[0];

        WholeArray(int size) {
            this.size = size;
        }

        byte[] bytes() {
            if (bytes.length != size) {
                throw new IllegalStateException("bytes in several pieces");
            }
            return bytes;
        }

        @Override
        public void write(byte value) {
            write(new byte[] {value}, 0, 1);
        }

        @Override
        public void write(byte[] value, int offset, int length) {
            bytes = Arrays.copyOfRange(value, offset, offset + length);
        }

        @Override
        public void writeLazy(byte[] value, int offset, int length) {
            if (offset == 0 && length == value.length) {
                bytes = value;
            } else {
                write(value, offset, length);
            }
        }

        @Override
        public void write(ByteBuffer value) {
            bytes = new byte[value.remaining()];
            value.get(bytes);
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            write(value);
        }
    }
}
