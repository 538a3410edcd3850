package mata.cli;

import java.util.List;
import java.util.Locale;
import mata.result.Box;
import mata.result.Classification;
import mata.result.Detection;
import mata.result.FloatGrid;
import mata.result.Pose;
import mata.result.Result;
import mata.result.Segment;
import mata.result.TextRegion;

/** What a model found, as lines for people. */
final class Sentences {

    private static final float SEEN_JOINT = 0.3f;

    private Sentences() {}

    /** Without an end of line; none where nothing was found. */
    static List<String> of(Result result) {
        return switch (result) {
            case Result.Classifications(List<Classification> items) ->
                items.stream()
                        .map(item -> labelled(item.label(), item.confidence()))
                        .toList();
            case Result.Detections(List<Detection> items) ->
                items.stream()
                        .map(item -> labelled(item.label(), item.confidence()) + " at " + shown(item.box())
                                + (item.trackId() > 0 ? ", track " + item.trackId() : ""))
                        .toList();
            case Result.Segments(List<Segment> items) ->
                items.stream()
                        .map(item -> labelled(item.label(), item.confidence()) + " at " + shown(item.box()))
                        .toList();
            case Result.Poses(List<Pose> items) ->
                items.stream().map(Sentences::of).toList();
            case Result.Depth(FloatGrid map, boolean metric) -> List.of(of(map, metric));
            case Result.Text(String _, List<TextRegion> regions) ->
                regions.stream()
                        .map(region -> String.format(Locale.ROOT, "%s (%.2f)", region.text(), region.confidence()))
                        .toList();
            case Result.Said said -> said.text().lines().toList();
        };
    }

    private static String of(Pose pose) {
        long seen = pose.joints().stream()
                .filter(joint -> joint.confidence() >= SEEN_JOINT)
                .count();
        return labelled(pose.label(), pose.confidence()) + " at " + shown(pose.box()) + ", " + seen + " of "
                + pose.joints().size() + " joints seen";
    }

    private static String of(FloatGrid map, boolean metric) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (float value : map.values()) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return String.format(
                Locale.ROOT,
                "depth %dx%d, %.2f to %.2f%s",
                map.width(),
                map.height(),
                least,
                most,
                metric ? " m" : " (relative)");
    }

    private static String labelled(String label, float confidence) {
        return String.format(Locale.ROOT, "%s %.2f", label, confidence);
    }

    private static String shown(Box box) {
        return String.format(Locale.ROOT, "[%.0f, %.0f, %.0f, %.0f]", box.x1(), box.y1(), box.x2(), box.y2());
    }
}
