package mata.testing;

import java.util.List;
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

/** One answer a task, with numbers that a binary float holds exactly, so that tests can compare their decimals. */
public final class Answers {

    private static final Box BOX = new Box(120.5f, 45.25f, 380.125f, 520.75f);
    private static final Timings TIMINGS = new Timings(0.5, 0, 3.25, 1.125, 12.0625, 0.75);

    private Answers() {}

    public static Answer of(Result result) {
        return new Answer(result, 640, 480, TIMINGS, List.of());
    }

    public static Answer to(Task task) {
        return of(
                switch (task) {
                    case CLASSIFY ->
                        new Result.Classifications(List.of(
                                new Classification(281, "tabby cat", 0.75f), new Classification(2, "dog", 0.125f)));
                    case DEPTH ->
                        new Result.Depth(new FloatGrid(2, 3, new float[] {0, 0.5f, 1, -2, 1024.25f, 3e-5f}), false);
                    case DETECT -> new Result.Detections(List.of(new Detection("person", 0.9375f, BOX)));
                    case OCR ->
                        new Result.Text(
                                "Hello world",
                                List.of(new TextRegion(
                                        "Hello world",
                                        0.5f,
                                        BOX,
                                        List.of(
                                                120.5f, 45.25f, 380.125f, 45.25f, 380.125f, 520.75f, 120.5f,
                                                520.75f))));
                    case POSE ->
                        new Result.Poses(List.of(new Pose(
                                "person", 0.875f, BOX, List.of(new Joint(1.5f, 2.5f, 0.25f), new Joint(3, 4, 0.5f)))));
                    case SEGMENT ->
                        new Result.Segments(List.of(
                                new Segment("car", 0.875f, BOX, new Mask.Png(new byte[] {(byte) 0x89, 'P'}))));
                    case TRACK -> new Result.Detections(List.of(new Detection("person", 0.9375f, BOX, 7)));
                    case VLM -> new Result.Said("A cat on a sofa.", "stop", 11, 6);
                });
    }
}
