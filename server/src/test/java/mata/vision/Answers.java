package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import mata.image.BitMask;
import mata.image.Frame;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Joint;
import mata.result.Mask;
import mata.result.Pose;
import mata.result.Result;
import mata.result.Segment;
import mata.testing.Fixture;
import mata.testing.GreyPng;
import mata.testing.Npy;

/** An answer against the reference's, by the rules of the fixtures' README and the tolerances of spec 20. */
final class Answers {

    /** Spec 20: from the same JPEG, whose decoders may differ. */
    private static final double PIXEL = 1;

    /** Spec 20: the same tensor went in, as it does where the photo is lossless. */
    private static final double SAME_TENSOR_PIXEL = 0.01;

    private static final double CONFIDENCE = 0.01;

    private static final double DEPTH = 0.005;

    private static final double MASK = 0.995;

    private static final double JOINT = 0.5;

    private Answers() {}

    /** @return how far they are apart, where that is within the tolerance */
    static Deviation compare(Result result, Frame frame, Fixture.Case given) {
        JsonNode expected = given.json().path("expected");
        return switch (result) {
            case Result.Classifications(var items) -> classifications(items, expected.path("classifications"));
            case Result.Detections(var items) ->
                detections(
                        namedAlike(items, given),
                        namedAlike(reference(expected, frame), given),
                        given.isLossless() ? SAME_TENSOR_PIXEL : PIXEL);
            case Result.Depth(var map, var _) -> depth(map, expected.path("depth_map"), given);
            case Result.Segments(var items) -> segments(items, expected, given);
            case Result.Poses(var items) ->
                expected.has("persons")
                        ? persons(items, expected.path("persons"))
                        : poses(items, expected.path("detections"), given);
            case Result.Text _, Result.Said _ -> fail("no comparison for %s", result.getClass());
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

    /** The reference names what Grounding DINO finds by fragments of the text, the server by the prompt. */
    private static List<Detection> namedAlike(List<Detection> detections, Fixture.Case given) {
        return given.fixture().name().equals("grounding_dino")
                ? detections.stream()
                        .map(detection -> new Detection("prompt", detection.confidence(), detection.box()))
                        .toList()
                : detections;
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

    // ---- segments

    /** A segment as the reference has it; the box alone where it kept no picture of the mask. */
    private record Reference(String label, double confidence, Box box, Optional<BitMask> mask) {}

    private static Deviation segments(List<Segment> all, JsonNode expected, Fixture.Case given) {
        List<Segment> found =
                all.stream().filter(segment -> isVisible(segment.box())).toList();
        List<Reference> references = expected.has("segments")
                ? ofMap(expected, given)
                : StreamSupport.stream(expected.path("detections").spliterator(), false)
                        .filter(item -> isVisible(box(item.path("bbox"))))
                        .map(item -> ofMask(item, given))
                        .toList();
        assertThat(found.stream().map(Segment::label).sorted().toList())
                .as("labels")
                .isEqualTo(references.stream().map(Reference::label).sorted().toList());
        List<Segment> left = new ArrayList<>(found);
        Deviation worst = Deviation.NONE;
        for (Reference reference : references) {
            Segment nearest = left.stream()
                    .filter(segment -> segment.label().equals(reference.label))
                    .min(Comparator.comparingDouble(segment -> farthestCorner(segment.box(), reference.box)))
                    .orElseThrow();
            left.remove(nearest);
            worst = worst.and(segment(nearest, reference, given));
        }
        return worst;
    }

    private static Deviation segment(Segment found, Reference reference, Fixture.Case given) {
        double iou = reference.mask.map(mask -> iou(mask(found), mask)).orElse(Double.NaN);
        double pixels = farthestCorner(found.box(), reference.box);
        double score = Math.abs(found.confidence() - reference.confidence);
        if (reference.mask.isPresent()) {
            assertThat(iou).as("mask of %s", reference.label).isGreaterThanOrEqualTo(MASK);
        } else {
            assertThat(pixels)
                    .as("box of %s", reference.label)
                    .isLessThanOrEqualTo(given.isLossless() ? SAME_TENSOR_PIXEL : PIXEL);
        }
        if (!Double.isNaN(reference.confidence)) {
            assertThat(score).as("confidence of %s", reference.label).isLessThanOrEqualTo(CONFIDENCE);
        }
        return new Deviation(pixels, score, iou);
    }

    private static Reference ofMask(JsonNode item, Fixture.Case given) {
        return new Reference(
                item.path("label").asText(),
                item.path("confidence").asDouble(),
                box(item.path("bbox")),
                item.has("mask_file")
                        ? Optional.of(GreyPng.read(file(given, item.path("mask_file")))
                                .mask(level -> level > 127))
                        : Optional.empty());
    }

    /** One map for all: a pixel holds the segment's number from 1 on, 0 is none. What has no pixel left is not shown. */
    private static List<Reference> ofMap(JsonNode expected, Fixture.Case given) {
        GreyPng map = GreyPng.read(file(given, expected.path("map_file")));
        List<Reference> references = new ArrayList<>();
        for (int i = 0; i < expected.path("segments").size(); i++) {
            JsonNode item = expected.path("segments").path(i);
            int number = i + 1;
            BitMask mask = map.mask(level -> level == number);
            if (mask.area() > 0) {
                references.add(new Reference(
                        item.path("label").asText(),
                        item.path("confidence").asDouble(Double.NaN),
                        mask.box(),
                        Optional.of(mask)));
            }
        }
        return references;
    }

    private static Path file(Fixture.Case given, JsonNode name) {
        return given.fixture().folder().resolve(name.asText());
    }

    private static BitMask mask(Segment segment) {
        return GreyPng.read(((Mask.Png) segment.mask()).bytes()).mask(level -> level > 127);
    }

    private static double iou(BitMask a, BitMask b) {
        assertThat(a.width()).isEqualTo(b.width());
        assertThat(a.height()).isEqualTo(b.height());
        int both = 0;
        int either = 0;
        for (int i = 0; i < a.bits().length; i++) {
            both += a.bits()[i] & b.bits()[i];
            either += a.bits()[i] | b.bits()[i];
        }
        return either == 0 ? 1 : (double) both / either;
    }

    // ---- poses

    private static Deviation poses(List<Pose> found, JsonNode expected, Fixture.Case given) {
        List<JsonNode> references = StreamSupport.stream(expected.spliterator(), false)
                .filter(item -> isVisible(box(item.path("bbox"))))
                .toList();
        assertThat(found).as("poses").hasSameSizeAs(references);
        List<Pose> left = new ArrayList<>(found);
        Deviation worst = new Deviation(0, 0, Double.NaN);
        for (JsonNode reference : references) {
            Box box = box(reference.path("bbox"));
            Pose nearest = left.stream()
                    .min(Comparator.comparingDouble(pose -> farthestCorner(pose.box(), box)))
                    .orElseThrow();
            left.remove(nearest);
            assertThat(farthestCorner(nearest.box(), box))
                    .as("box")
                    .isLessThanOrEqualTo(given.isLossless() ? SAME_TENSOR_PIXEL : PIXEL);
            double score =
                    Math.abs(nearest.confidence() - reference.path("confidence").asDouble());
            assertThat(score).as("confidence").isLessThanOrEqualTo(CONFIDENCE);
            worst = worst.and(new Deviation(farthestCorner(nearest.box(), box), score, Double.NaN))
                    .and(joints(nearest.joints(), reference.path("keypoints")));
        }
        return worst;
    }

    /** @param expected {@code [x, y, confidence]} each */
    private static Deviation joints(List<Joint> found, JsonNode expected) {
        assertThat(found).as("joints").hasSize(expected.size());
        Deviation worst = Deviation.NONE;
        for (int i = 0; i < found.size(); i++) {
            JsonNode joint = expected.path(i);
            double pixels = Math.max(
                    Math.abs(found.get(i).x() - joint.path(0).asDouble()),
                    Math.abs(found.get(i).y() - joint.path(1).asDouble()));
            double score = Math.abs(found.get(i).confidence() - joint.path(2).asDouble());
            assertThat(pixels).as("joint %d", i).isLessThanOrEqualTo(JOINT);
            assertThat(score).as("confidence of joint %d", i).isLessThanOrEqualTo(CONFIDENCE);
            worst = worst.and(new Deviation(pixels, score, Double.NaN));
        }
        return worst;
    }

    /** Persons in given boxes, in the order of the boxes. */
    private static Deviation persons(List<Pose> found, JsonNode expected) {
        assertThat(found).as("persons").hasSize(expected.size());
        Deviation worst = Deviation.NONE;
        for (int i = 0; i < found.size(); i++) {
            ArrayNode joints = JsonNodeFactory.instance.arrayNode();
            for (JsonNode joint : expected.path(i).path("keypoints")) {
                joints.addArray().add(joint.path("x")).add(joint.path("y")).add(joint.path("confidence"));
            }
            worst = worst.and(joints(found.get(i).joints(), joints));
        }
        return worst;
    }
}
