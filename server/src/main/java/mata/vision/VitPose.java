package mata.vision;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.folder.Entries;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.image.Frame;
import mata.image.Pixels;
import mata.image.Warp;
import mata.params.Parameter;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Box;
import mata.result.Detection;
import mata.result.Joint;
import mata.result.Pose;
import mata.result.Result;
import mata.task.Task;
import mata.vision.interpret.Dark;
import mata.vision.prepare.Size;
import mata.vision.staged.Runner;
import mata.vision.staged.Stages;

/**
 * VitPose (spec 10.2): one person a box. The boxes are the caller's {@code box_prompts}, else what a person detector finds,
 * else the whole picture.
 */
final class VitPose implements Stages {

    /** The setting that names the folder of a detect model which finds the persons. */
    private static final String DETECTOR = "person_detector_folder";

    private static final String PERSON = "person";

    /** The box is given this much room. */
    private static final double ROOM = 1.25;

    private final LoadedModel model;
    private final Optional<Pipeline> detector;
    private final Size input;
    private final float[] mean;
    private final float[] std;
    private final boolean freeBatch;

    private VitPose(LoadedModel model, Optional<Pipeline> detector, Entries preprocessor) {
        this.model = model;
        this.detector = detector;
        this.input = new Size(
                preprocessor.object("size").whole("height", 256),
                preprocessor.object("size").whole("width", 192));
        this.mean = channels(preprocessor, "image_mean", 0.485f, 0.456f, 0.406f);
        this.std = channels(preprocessor, "image_std", 0.229f, 0.224f, 0.225f);
        this.freeBatch = model.signature().inputs().getFirst().shape()[0] < 0;
    }

    private static float[] channels(Entries preprocessor, String key, float... otherwise) {
        List<Double> numbers = preprocessor.numbers(key);
        if (numbers.size() != 3) {
            return otherwise;
        }
        return new float[] {
            numbers.get(0).floatValue(),
            numbers.get(1).floatValue(),
            numbers.get(2).floatValue()
        };
    }

    static VitPose open(ModelGraphs graphs, Map<String, String> settings) {
        LoadedModel model = graphs.open("model");
        try {
            Optional<Pipeline> detector = Optional.ofNullable(settings.get(DETECTOR))
                    .map(path -> detector(Path.of(path), graphs.engine(), graphs.options()));
            return new VitPose(model, detector, graphs.folder().preprocessor());
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    private static Pipeline detector(Path path, Engine engine, EngineOptions options) {
        ModelFolder folder = ModelFolder.read(path, NumberFormat.FP32);
        return Pipelines.open(folder, Recognition.family(folder, Task.DETECT), engine, options, Map.of());
    }

    @Override
    public Set<Parameter> reads() {
        return Set.of(Parameter.CONFIDENCE, Parameter.BOX_PROMPTS);
    }

    @Override
    public Result answer(Frame frame, Params params, Runner runner) {
        List<Detection> persons = persons(frame, params);
        List<Pose> poses = new ArrayList<>();
        int most = freeBatch ? Math.max(1, persons.size()) : 1;
        for (int from = 0; from < persons.size(); from += most) {
            poses.addAll(poses(frame, persons.subList(from, Math.min(persons.size(), from + most)), runner));
        }
        return new Result.Poses(poses);
    }

    private List<Detection> persons(Frame frame, Params params) {
        List<List<Float>> given = params.rows(Parameter.BOX_PROMPTS);
        if (!given.isEmpty()) {
            return given.stream().map(VitPose::givenPerson).toList();
        }
        if (detector.isEmpty()) {
            return List.of(new Detection(PERSON, 1, new Box(0, 0, frame.width(), frame.height())));
        }
        float least = params.fraction(Parameter.CONFIDENCE, 0.3f);
        return switch (detector.get().infer(frame, Params.NONE)) {
            case Outcome.Done(Result.Detections(var items), var _, var _, var _, var _) ->
                items.stream()
                        .filter(item -> item.label().equals(PERSON) && item.confidence() > least)
                        .toList();
            case Outcome.Done _ -> throw new Rejected(new Problem.Broken("the person detector detects nothing"));
            case Outcome.Failed(var problem) -> throw new Rejected(problem);
        };
    }

    private static Detection givenPerson(List<Float> corners) {
        var box = new Box(corners.get(0), corners.get(1), corners.get(2), corners.get(3));
        if (!(box.width() > 0 && box.height() > 0)) {
            throw Rejected.invalid(
                    "params.box_prompts", "value_error", "A box should be [x1, y1, x2, y2] with x1 < x2 and y1 < y2");
        }
        return new Detection(PERSON, 1, box);
    }

    /** A person's box with room around it, of the input's proportions, in pixels of the picture. */
    record Window(double left, double top, double width, double height) {

        static Window around(Box box, Size input) {
            double proportion = (double) input.width() / input.height();
            double width = box.width();
            double height = box.height();
            if (width > proportion * height) {
                height = width / proportion;
            } else {
                width = height * proportion;
            }
            width *= ROOM;
            height *= ROOM;
            return new Window(
                    box.x1() + box.width() / 2.0 - width / 2,
                    box.y1() + box.height() / 2.0 - height / 2,
                    width,
                    height);
        }
    }

    private List<Pose> poses(Frame frame, List<Detection> persons, Runner runner) {
        List<Window> windows = persons.stream()
                .map(person -> Window.around(person.box(), input))
                .toList();
        Tensor.Floats heat = runner.run(model, inputs(frame, windows))
                .floats(model.signature().outputs().getFirst().name());
        float[] values = heat.array();
        int joints = heat.dimension(1);
        int height = heat.dimension(2);
        int width = heat.dimension(3);
        List<Pose> poses = new ArrayList<>();
        for (int person = 0; person < persons.size(); person++) {
            Window window = windows.get(person);
            List<Joint> found = new ArrayList<>();
            for (int joint = 0; joint < joints; joint++) {
                Dark.Peak peak = Dark.peak(values, (person * joints + joint) * height * width, height, width);
                found.add(new Joint(
                        (float) (peak.x() * window.width / (width - 1) + window.left),
                        (float) (peak.y() * window.height / (height - 1) + window.top),
                        Math.clamp(peak.value(), 0, 1)));
            }
            Detection detection = persons.get(person);
            poses.add(new Pose(
                    detection.label(),
                    detection.confidence(),
                    detection.box().clip(frame.width(), frame.height()),
                    found));
        }
        return poses;
    }

    private Tensors inputs(Frame frame, List<Window> windows) {
        FloatBuffer planes = ByteBuffer.allocateDirect(
                        Float.BYTES * 3 * windows.size() * input.height() * input.width())
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        for (Window window : windows) {
            Frame person = Warp.part(
                    frame,
                    window.left,
                    window.top,
                    window.width / (input.width() - 1),
                    window.height / (input.height() - 1),
                    input.width(),
                    input.height());
            Pixels.chw(person, 1 / 255.0, 0, mean, std, false, planes);
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        model.signature()
                .inputs()
                .forEach(port -> inputs.put(
                        port.name(),
                        switch (port.type()) {
                            case FLOAT, FLOAT16 ->
                                new Tensor.Floats(planes.flip(), windows.size(), 3, input.height(), input.width());
                            // Which expert of a mixture, by the data set it was trained on: 0 is COCO.
                            default -> new Tensor.Longs(LongBuffer.allocate(windows.size()), windows.size());
                        }));
        return new Tensors(inputs);
    }

    @Override
    public void close() {
        model.close();
        detector.ifPresent(Pipeline::close);
    }
}
