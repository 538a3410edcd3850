package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mata.image.Frame;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Result;
import mata.testing.Fixture;
import mata.testing.Npy;

/** An answer against the reference's, by the rules of the fixtures' README and the tolerances of spec 20. */
final class Answers {

    /** Spec 20: from the same JPEG, whose decoders may differ. */
    private static final double PIXEL = 1;

    /** Spec 20: the same tensor went in, as it does where the photo is lossless. */
    private static final double SAME_TENSOR_PIXEL = 0.01;

    private static final double CONFIDENCE = 0.01;

    private static final double DEPTH = 0.005;

    private Answers() {}

    /** @return how far they are apart, where that is within the tolerance */
    static Deviation compare(Result result, Frame frame, Fixture.Case given) {
        JsonNode expected = given.json().path("expected");
        return switch (result) {
            case Result.Classifications(var items) -> classifications(items, expected.path("classifications"));
            case Result.Detections(var items) ->
                detections(items, reference(expected, frame), given.isLossless() ? SAME_TENSOR_PIXEL : PIXEL);
            case Result.Depth(var map, var _) -> depth(map, expected.path("depth_map"), given);
            case Result.Segments _, Result.Poses _, Result.Text _, Result.Said _ ->
                fail("no comparison for %s", result.getClass());
        };
    }

    /** The same order wherever the reference's scores differ by more than 0.01. */
    private static Deviation classifications(List<Classification> found, JsonNode expected) {
        assertThat(found).as("classifications").hasSize(expected.size());
        double worst = 0;
        for (int i = 0; i < found.size(); i++) {
            double confidence = expected.path(i).path("confidence").asDouble();
            assertThat((double) found.get(i).confidence())
                    .as("confidence %d", i)
                    .isCloseTo(confidence, org.assertj.core.data.Offset.offset(CONFIDENCE));
            if (i + 1 == expected.size()
                    || confidence - expected.path(i + 1).path("confidence").asDouble() > CONFIDENCE) {
                assertThat(found.get(i).label())
                        .as("label %d", i)
                        .isEqualTo(expected.path(i).path("label").asText());
            }
            worst = Math.max(worst, Math.abs(found.get(i).confidence() - confidence));
        }
        return new Deviation(Double.NaN, worst, Double.NaN);
    }

    /** The reference clips nothing and keeps its queries' order: ours are clipped, with area, and best first. */
    private static List<Detection> reference(JsonNode expected, Frame frame) {
        JsonNode list = expected.has("processor_argmax_variant")
                ? expected.path("processor_argmax_variant")
                : expected.path("detections");
        List<Detection> reference = new ArrayList<>();
        for (JsonNode item : list) {
            Box box = box(item.path("bbox")).clip(frame.width(), frame.height());
            if (isVisible(box)) {
                reference.add(new Detection(
                        item.path("label").asText(),
                        (float) item.path("confidence").asDouble(),
                        box));
            }
        }
        reference.sort(Comparator.comparingDouble(Detection::confidence).reversed());
        return reference;
    }

    /** Thinner ones lie within what the reference's seven printed digits can tell from nothing. */
    private static boolean isVisible(Box box) {
        return Math.min(box.width(), box.height()) > 1e-3;
    }

    private static Box box(JsonNode corners) {
        return new Box(
                (float) corners.path(0).asDouble(),
                (float) corners.path(1).asDouble(),
                (float) corners.path(2).asDouble(),
                (float) corners.path(3).asDouble());
    }

    private static Deviation detections(List<Detection> all, List<Detection> expected, double pixels) {
        List<Detection> found =
                all.stream().filter(detection -> isVisible(detection.box())).toList();
        assertThat(found.stream().map(Detection::label).sorted().toList())
                .as("labels")
                .isEqualTo(expected.stream().map(Detection::label).sorted().toList());
        List<Detection> left = new ArrayList<>(found);
        Deviation worst = new Deviation(0, 0, Double.NaN);
        for (Detection reference : expected) {
            Detection nearest = left.stream()
                    .filter(detection -> detection.label().equals(reference.label()))
                    .min(Comparator.comparingDouble(detection -> farthestCorner(detection.box(), reference.box())))
                    .orElseThrow();
            left.remove(nearest);
            var deviation = new Deviation(
                    farthestCorner(nearest.box(), reference.box()),
                    Math.abs(nearest.confidence() - reference.confidence()),
                    Double.NaN);
            assertThat(deviation.pixels()).as("box of %s", reference).isLessThanOrEqualTo(pixels);
            assertThat(deviation.score()).as("confidence of %s", reference).isLessThanOrEqualTo(CONFIDENCE);
            worst = worst.and(deviation);
        }
        assertThat(found)
                .isSortedAccordingTo(
                        Comparator.comparingDouble(Detection::confidence).reversed());
        return worst;
    }

    private static double farthestCorner(Box a, Box b) {
        return Math.max(
                Math.max(Math.abs(a.x1() - b.x1()), Math.abs(a.y1() - b.y1())),
                Math.max(Math.abs(a.x2() - b.x2()), Math.abs(a.y2() - b.y2())));
    }

    /** Against the samples, and against every third row and column, which the reference kept whole. */
    private static Deviation depth(FloatGrid map, JsonNode expected, Fixture.Case given) {
        assertThat(map.width()).isEqualTo(expected.path("width").asInt());
        assertThat(map.height()).isEqualTo(expected.path("height").asInt());
        double range = expected.path("max").asDouble() - expected.path("min").asDouble();
        Npy strided = Npy.read(
                given.fixture().folder().resolve(expected.path("strided_file").asText()));
        int step = expected.path("stride").asInt(3);
        double sum = 0;
        for (int row = 0; row < strided.rows(); row++) {
            for (int column = 0; column < strided.columns(); column++) {
                sum += Math.abs(map.at(row * step, column * step) - strided.at(row, column)) / range;
            }
        }
        double mean = sum / (strided.rows() * strided.columns());
        assertThat(mean).as("mean difference of depth").isLessThan(DEPTH);
        return new Deviation(Double.NaN, mean, Double.NaN);
    }
}
