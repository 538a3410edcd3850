package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;
import mata.engine.EngineOptions;
import mata.engine.ort.OrtEngine;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.image.Decoder;
import mata.image.Frame;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Joint;
import mata.result.Mask;
import mata.result.Pose;
import mata.result.Result;
import mata.result.Segment;
import mata.task.Task;
import mata.testing.Npy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Small published models on known photos. What is expected was measured by running them in Python from the same files, with
 * Pillow and ONNX Runtime; tolerances are those that came with the figures.
 *
 * <p>Models that do not ship with the server come by {@code tools/fetch-models .models}. Where one is missing its tests are
 * skipped; with {@code CI=true} that is a failure.
 */
final class RealModelsTest {

    private static final Path STARTERS = Path.of("src/main/dist");

    private static final Path FETCHED = Path.of("../.models");

    private final OrtEngine engine = new OrtEngine();

    @AfterEach
    void close() {
        engine.close();
    }

    private static Path fetched(String name) {
        return present(FETCHED.resolve(name), "tools/fetch-models .models");
    }

    /** The detector must not be copied into this repository: it is used from beside it. */
    private static Path yolox() {
        String shared = System.getProperty("MATA_SHARED", System.getenv().getOrDefault("MATA_SHARED", "../../shared"));
        return present(Path.of(shared, "models/yolox-nano"), "a folder named by MATA_SHARED");
    }

    private static Path present(Path path, String source) {
        if (!Files.exists(path)) {
            String missing = path + " is missing: it comes by " + source;
            assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
            abort(missing);
        }
        return path;
    }

    private Result ask(Path model, Task task, Path photo, Params params) throws IOException {
        ModelFolder folder = ModelFolder.read(model, NumberFormat.FP32);
        try (Pipeline pipeline =
                Pipelines.open(folder, Recognition.family(folder, task), engine, EngineOptions.cpu(0), Map.of())) {
            pipeline.warmUp();
            Outcome outcome = pipeline.infer(frame(photo), params);
            assertThat(outcome).isInstanceOf(Outcome.Done.class);
            return ((Outcome.Done) outcome).result();
        }
    }

    private static Frame frame(Path photo) throws IOException {
        return Decoder.decode(Files.readAllBytes(photo), Long.MAX_VALUE);
    }

    // ---- classify

    @ParameterizedTest
    @CsvSource({
        "coffee.png, 967, 0.951, 968, 0.015, 925, 0.008",
        "china.jpg, 698, 0.382, 442, 0.120, 663, 0.071",
        "flower.jpg, 985, 0.310, 947, 0.054, 309, 0.052",
        "rocket.jpg, 657, 0.342, 744, 0.219, 540, 0.073",
        "motorcycle_left.png, 665, 0.472, 670, 0.163, 535, 0.064",
        "chelsea.png, 282, 0.393, 285, 0.356, 281, 0.170"
    })
    void efficientNetNamesTheMainThing(
            String photo, int first, float best, int second, float next, int third, float last) throws IOException {
        Result result = ask(
                fetched("ml-illustrated/efficientnet-lite0"),
                Task.CLASSIFY,
                fetched("photos/" + photo),
                ParamsReader.read(Map.of("top_k", 1000)));

        assertThat(result).isInstanceOfSatisfying(Result.Classifications.class, found -> {
            assertThat(confidence(found.items(), first)).isCloseTo(best, within(0.02f));
            assertThat(confidence(found.items(), second)).isCloseTo(next, within(0.02f));
            assertThat(confidence(found.items(), third)).isCloseTo(last, within(0.02f));
            if (best - next > 0.05f) { // of the cat's two best the order is fragile
                assertThat(found.items().getFirst().id()).isEqualTo(first);
            }
        });
    }

    private static float confidence(List<Classification> items, int id) {
        return items.stream()
                .filter(item -> item.id() == id)
                .findFirst()
                .orElseThrow()
                .confidence();
    }

    // ---- detect

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "astronaut.png | person 0.925 11 20 368 507",
                "coffee.png | cup 0.899 162 15 422 293; dining table 0.732 0 0 598 398",
                "chelsea.png | cat 0.623 0 0 449 300",
                "motorcycle_left.png | motorcycle 0.891 111 66 710 445; person 0.382 347 9 406 87"
            })
    void yoloxFindsThings(String photo, String things) throws IOException {
        Result result = ask(yolox(), Task.DETECT, fetched("photos/" + photo), Params.NONE);

        List<Detection> expected =
                Arrays.stream(things.split("; ")).map(RealModelsTest::detection).toList();
        assertThat(result).isInstanceOfSatisfying(Result.Detections.class, found -> {
            assertThat(found.items()).extracting(Detection::label).isEqualTo(labels(expected));
            for (int i = 0; i < expected.size(); i++) {
                Detection detection = found.items().get(i);
                assertThat(detection.confidence()).isCloseTo(expected.get(i).confidence(), within(0.05f));
                assertThat(detection.box().iou(expected.get(i).box())).isGreaterThanOrEqualTo(0.8f);
            }
        });
    }

    private static List<String> labels(List<Detection> detections) {
        return detections.stream().map(Detection::label).toList();
    }

    /** {@code dining table 0.732 0 0 598 398}. */
    private static Detection detection(String text) {
        String[] words = text.split(" ");
        int n = words.length;
        return new Detection(
                String.join(" ", Arrays.copyOf(words, n - 5)),
                Float.parseFloat(words[n - 5]),
                new Box(
                        Float.parseFloat(words[n - 4]),
                        Float.parseFloat(words[n - 3]),
                        Float.parseFloat(words[n - 2]),
                        Float.parseFloat(words[n - 1])));
    }

    // ---- pose

    @Test
    void moveNetFindsTheAstronautsHeadAndShoulders() throws IOException {
        Result result = ask(
                STARTERS.resolve("models/google/movenet-lightning"),
                Task.POSE,
                STARTERS.resolve("photos/astronaut.jpg"),
                Params.NONE);

        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Poses.class,
                        poses -> assertThat(poses.items()).singleElement().satisfies(pose -> {
                            assertThat(pose.label()).isEqualTo("person");
                            assertThat(pose.joints()).hasSize(17);
                            assertNear(pose, 0, 222, 121);
                            assertNear(pose, 1, 247, 101);
                            assertNear(pose, 2, 204, 99);
                            assertNear(pose, 3, 276, 115);
                            assertNear(pose, 4, 176, 111);
                            assertNear(pose, 5, 318, 271);
                            assertNear(pose, 6, 109, 256);
                            // knees and ankles are out of the picture
                            assertThat(pose.joints().subList(13, 17))
                                    .allSatisfy(joint ->
                                            assertThat(joint.confidence()).isLessThanOrEqualTo(0.10f));
                            assertThat(pose.box().x1()).isBetween(0f, 109f + 12);
                            assertThat(pose.box().x2()).isBetween(318f - 12, 512f);
                        }));
    }

    private static void assertNear(Pose pose, int index, float x, float y) {
        Joint joint = pose.joints().get(index);
        assertThat(joint.x()).as("x of joint %d", index).isCloseTo(x, within(12f));
        assertThat(joint.y()).as("y of joint %d", index).isCloseTo(y, within(12f));
        assertThat(joint.confidence()).as("confidence of joint %d", index).isGreaterThan(0.4f);
    }

    // ---- segment

    @Test
    void selfieSegmentationCutsTheAstronautOut() throws IOException {
        Result result = ask(
                STARTERS.resolve("models/google/selfie-segmentation"),
                Task.SEGMENT,
                STARTERS.resolve("photos/astronaut.jpg"),
                ParamsReader.read(Map.of("mask_format", "rle")));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Result.Segments.class,
                        segments -> assertThat(segments.items()).singleElement().satisfies(segment -> {
                            assertThat(segment.label()).isEqualTo("person");
                            assertThat(segment.confidence()).isBetween(0.9f, 1f);
                            boolean[][] on = pixels(segment);
                            // places of the 256x256 map, on a photo of 512x512
                            assertThat(on[2 * 55][2 * 111]).as("face").isTrue();
                            assertThat(on[2 * 180][2 * 80]).as("suit").isTrue();
                            assertThat(on[2 * 10][2 * 150]).as("wall").isFalse();
                            assertThat(on[2 * 60][2 * 8]).as("flag").isFalse();
                            assertThat(share(on)).isCloseTo(0.545, org.assertj.core.data.Offset.offset(0.03));
                        }));
    }

    private static boolean[][] pixels(Segment segment) {
        var rle = (Mask.Rle) segment.mask();
        var on = new boolean[rle.height()][rle.width()];
        int at = 0;
        boolean value = false;
        for (int count : rle.counts()) {
            for (int i = 0; i < count; i++, at++) {
                on[at % rle.height()][at / rle.height()] = value;
            }
            value = !value;
        }
        return on;
    }

    private static double share(boolean[][] on) {
        long count = Arrays.stream(on)
                .mapToLong(row ->
                        IntStream.range(0, row.length).filter(i -> row[i]).count())
                .sum();
        return (double) count / on.length / on[0].length;
    }

    // ---- depth

    @Test
    void fastDepthOrdersTheMotorcycleAsAStereoCameraDoes() throws IOException {
        Result result = ask(
                fetched("dwofk/fastdepth"),
                Task.DEPTH,
                fetched("photos/motorcycle_left.png"),
                ParamsReader.read(Map.of("normalize", false, "target_size", List.of(224, 224))));

        assertThat(result).isInstanceOfSatisfying(Result.Depth.class, depth -> {
            assertThat(depth.metric()).isTrue();
            float[] sorted = depth.map().values().clone();
            Arrays.sort(sorted);
            assertThat(sorted[sorted.length / 2]).isCloseTo(2.66f, within(0.1f));
            assertThat(rankCorrelation(depth.map(), disparity()))
                    .isCloseTo(0.775, org.assertj.core.data.Offset.offset(0.03));
        });
    }

    private static Npy disparity() {
        try (ZipFile zip = new ZipFile(fetched("photos/motorcycle_disp.npz").toFile());
                InputStream in = zip.getInputStream(zip.getEntry("arr_0.npy"))) {
            return Npy.read(in.readAllBytes());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Spearman's, of depth and 1 / disparity, where the latter is known. */
    private static double rankCorrelation(FloatGrid depth, Npy disparity) {
        var ours = new float[depth.values().length];
        var truth = new float[ours.length];
        int known = 0;
        for (int row = 0; row < depth.height(); row++) {
            for (int column = 0; column < depth.width(); column++) {
                float value = disparity.at((int) ((row + 0.5) * disparity.rows() / depth.height()), (int)
                        ((column + 0.5) * disparity.columns() / depth.width()));
                if (Float.isFinite(value) && value > 0) {
                    ours[known] = depth.at(row, column);
                    truth[known++] = 1 / value;
                }
            }
        }
        return correlation(ranks(Arrays.copyOf(ours, known)), ranks(Arrays.copyOf(truth, known)));
    }

    private static double[] ranks(float[] values) {
        List<Integer> order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .toList();
        var ranks = new double[values.length];
        for (int rank = 0; rank < ranks.length; rank++) {
            ranks[order.get(rank)] = rank;
        }
        return ranks;
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double both = 0;
        double alone = 0;
        double other = 0;
        for (int i = 0; i < a.length; i++) {
            both += (a[i] - meanA) * (b[i] - meanB);
            alone += (a[i] - meanA) * (a[i] - meanA);
            other += (b[i] - meanB) * (b[i] - meanB);
        }
        return both / Math.sqrt(alone * other);
    }

    private static org.assertj.core.data.Offset<Float> within(float tolerance) {
        return org.assertj.core.data.Offset.offset(tolerance);
    }
}
