package mata.vision.ppocr;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import mata.engine.LoadedModel;
import mata.folder.ModelFolder;
import mata.image.Frame;
import mata.image.Quad;
import mata.image.Warp;
import mata.params.Parameter;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Box;
import mata.result.Result;
import mata.result.TextRegion;
import mata.vision.staged.Runner;
import mata.vision.staged.Stages;

/** Detector, angle, recogniser, one after the other. */
public final class PpOcr implements Stages {

    /** A line that is so much higher than wide stands upright: it is read from below. */
    private static final double UPRIGHT = 1.5;

    private final TextDetector detector;
    private final Optional<AngleClassifier> angle;
    private final SortedMap<Language, Recogniser> recognisers;
    private final float least;
    private final List<LoadedModel> owned;

    private PpOcr(
            TextDetector detector,
            Optional<AngleClassifier> angle,
            SortedMap<Language, Recogniser> recognisers,
            float least,
            List<LoadedModel> owned) {
        this.detector = detector;
        this.angle = angle;
        this.recognisers = recognisers;
        this.least = least;
        this.owned = List.copyOf(owned);
    }

    /**
     * @param graphs opens a graph of the folder by its name
     * @param settings {@code detector_size}, like {@code min 736} or {@code max 960}; {@code detector_norm}, {@code half} or
     *     {@code imagenet}: each wins over the folder's files
     * @throws Rejected with {@code BadInput} or {@code OutOfMemory}
     */
    public static PpOcr open(ModelFolder folder, Function<String, LoadedModel> graphs, Map<String, String> settings) {
        DetectorSettings detection = DetectorSettings.read(folder, settings);
        PpOcrGraphs names = PpOcrGraphs.find(folder);
        List<LoadedModel> owned = new ArrayList<>();
        try {
            var detector = new TextDetector(open(names.detector(), graphs, owned), detection);
            float sure = (float)
                    folder.config().object("classification").number("threshold").orElse(0.9);
            Optional<AngleClassifier> angle =
                    names.angle().map(name -> new AngleClassifier(open(name, graphs, owned), sure));
            SortedMap<Language, Recogniser> recognisers = new TreeMap<>();
            names.recognisers().forEach((language, name) -> {
                LoadedModel model = open(name, graphs, owned);
                recognisers.put(language, new Recogniser(model, alphabet(folder, name)));
            });
            float least = (float) folder.config()
                    .object("recognition")
                    .number("text_threshold")
                    .orElse(0.5);
            return new PpOcr(detector, angle, recognisers, least, owned);
        } catch (RuntimeException e) {
            owned.forEach(LoadedModel::close);
            throw e;
        }
    }

    private static LoadedModel open(String name, Function<String, LoadedModel> graphs, List<LoadedModel> owned) {
        LoadedModel model = graphs.apply(name);
        owned.add(model);
        return model;
    }

    /**
     * Blank, the characters of the graph's metadata or of a file beside it, space. The metadata is read from the file itself:
     * the runtime's own reading breaks characters beyond the first 65536.
     */
    private static List<String> alphabet(ModelFolder folder, String name) {
        String characters = folder.header(name).metadata().get("character");
        List<String> alphabet = new ArrayList<>(List.of(""));
        alphabet.addAll(
                (characters == null ? file(folder, name) : characters).lines().toList());
        alphabet.add(" ");
        return alphabet;
    }

    private static String file(ModelFolder folder, String name) {
        String file = folder.config().object("recognition").text("alphabet").orElse("keys.txt");
        Path path = folder.path().resolve(Path.of(file).getFileName());
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new Rejected(
                    new Problem.BadInput("the alphabet of " + name
                            + ".onnx is neither in its metadata (character) nor in the file " + path.getFileName()),
                    e);
        }
    }

    @Override
    public Set<Parameter> reads() {
        return recognisers.size() > 1 ? Set.of(Parameter.LANGUAGE) : Set.of();
    }

    @Override
    public Result.Text answer(Frame frame, Params params, Runner runner) {
        Recogniser recogniser = recogniser(params);
        Canvas canvas = Canvas.of(frame);
        List<Quad> boxes = detector.find(canvas.frame(), runner);
        List<Frame> lines = boxes.stream().map(box -> cut(canvas.frame(), box)).toList();
        List<Frame> upright = angle.isPresent() ? angle.get().upright(lines, runner) : lines;
        List<Ctc.Line> read = recogniser.read(upright, runner);
        List<TextRegion> regions = new ArrayList<>();
        for (int i = 0; i < read.size(); i++) {
            Ctc.Line line = read.get(i);
            if (line.score() >= least) {
                regions.add(region(line, canvas.toSource(boxes.get(i).corners())));
            }
        }
        return new Result.Text(regions.stream().map(TextRegion::text).collect(Collectors.joining("\n")), regions);
    }

    /** By the language asked for, else English, else whichever there is. */
    private Recogniser recogniser(Params params) {
        if (recognisers.size() > 1 && params.has(Parameter.LANGUAGE)) {
            return Language.of(params.text(Parameter.LANGUAGE, ""))
                    .flatMap(this::reads)
                    .orElseThrow(() ->
                            Rejected.invalid("params.language", "value_error", "this model reads " + languages()));
        }
        return reads(Language.ENGLISH)
                .orElseGet(() -> recognisers.values().iterator().next());
    }

    /** The usual recogniser, which may have no language in its name, reads Chinese and English. */
    private Optional<Recogniser> reads(Language language) {
        return Optional.ofNullable(recognisers.get(language)).or(() -> switch (language) {
            case ENGLISH ->
                Optional.ofNullable(recognisers.getOrDefault(Language.CHINESE, recognisers.get(Language.ANY)));
            case CHINESE -> Optional.ofNullable(recognisers.get(Language.ANY));
            default -> Optional.empty();
        });
    }

    private String languages() {
        return java.util.Arrays.stream(Language.values())
                .filter(language -> reads(language).isPresent())
                .map(Language::code)
                .filter(code -> !code.isEmpty())
                .collect(Collectors.joining(", "));
    }

    private static Frame cut(Frame frame, Quad box) {
        Frame line = Warp.straighten(frame, box.corners());
        return line.height() >= UPRIGHT * line.width() ? Warp.counterClockwise(line) : line;
    }

    private static TextRegion region(Ctc.Line line, float[] corners) {
        List<Float> polygon = new ArrayList<>();
        float x1 = Float.POSITIVE_INFINITY;
        float y1 = Float.POSITIVE_INFINITY;
        float x2 = Float.NEGATIVE_INFINITY;
        float y2 = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < corners.length; i += 2) {
            polygon.add(corners[i]);
            polygon.add(corners[i + 1]);
            x1 = Math.min(x1, corners[i]);
            y1 = Math.min(y1, corners[i + 1]);
            x2 = Math.max(x2, corners[i]);
            y2 = Math.max(y2, corners[i + 1]);
        }
        return new TextRegion(line.text(), line.score(), new Box(x1, y1, x2, y2), polygon);
    }

    @Override
    public void close() {
        owned.forEach(LoadedModel::close);
    }
}
