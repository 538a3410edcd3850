package mata.track;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import mata.result.Box;
import mata.result.Detection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our ids against those that published trackers gave to the same boxes. The clips and how they were made:
 * {@code tools/reference/track}. ByteTrack: supervision 0.25.1. BoT-SORT: ultralytics 8.2.103, whose optical flow was
 * switched off, or replaced by the true motion of the camera in the clip {@code pan}. Both were set to the values of
 * onnx-models.md section 14, which fixes supervision's threshold for new tracks too: 0.1 above the high one.
 *
 * <p>Like theirs, ours gives a thing its id in its second frame. Theirs number things before they do so, so ids count as
 * the same where one-to-one pairs of theirs and ours cover them.
 */
final class PublishedTrackersTest {

    /** Asked for are 0.99 (section 14's bar); all arithmetic is in doubles on all machines, so it can be, and is, all. */
    private static final double AGREED = 1;

    @ParameterizedTest
    @ValueSource(strings = {"carphone", "bikes", "crowd"})
    void byteTrackGivesTheIdsOfSupervision(String name) throws IOException {
        Clip clip = Clip.read(name);

        List<int[]> ours = ids(clip, Tracker.of(with(TrackerOptions.Kind.BYTETRACK)));

        assertThat(agreement(clip.ids("bytetrack"), ours)).isEqualTo(AGREED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"carphone", "bikes", "crowd", "pan"})
    void botSortGivesTheIdsOfUltralytics(String name) throws IOException {
        Clip clip = Clip.read(name);

        List<int[]> ours = ids(clip, Tracker.of(with(TrackerOptions.Kind.BOTSORT)));

        assertThat(agreement(clip.ids("botsort"), ours)).isEqualTo(AGREED);
    }

    private static TrackerOptions with(TrackerOptions.Kind kind) {
        return new TrackerOptions(kind, 0.5f, 0.1f, 0.6f, 30, 0.8f, true, true);
    }

    private static List<int[]> ids(Clip clip, Tracker tracker) {
        List<int[]> ids = new ArrayList<>();
        for (int i = 0; i < clip.frames.size(); i++) {
            List<Detection> frame = clip.frames.get(i);
            int[] given = new int[frame.size()];
            for (Detection tracked : tracker.update(frame, clip.motions.get(i))) {
                given[placeOf(tracked, frame)] = tracked.trackId();
            }
            ids.add(given);
        }
        return ids;
    }

    private static int placeOf(Detection tracked, List<Detection> frame) {
        return frame.indexOf(new Detection(tracked.label(), tracked.confidence(), tracked.box()));
    }

    /** Of the boxes that have an id in either, the share on which one-to-one pairs of ids agree. */
    private static double agreement(List<int[]> theirs, List<int[]> ours) {
        Map<List<Integer>, Integer> together = new HashMap<>();
        int boxes = 0;
        for (int i = 0; i < theirs.size(); i++) {
            for (int j = 0; j < theirs.get(i).length; j++) {
                int their = theirs.get(i)[j];
                int our = ours.get(i)[j];
                boxes += their != 0 || our != 0 ? 1 : 0;
                if (their != 0 && our != 0) {
                    together.merge(List.of(their, our), 1, Integer::sum);
                }
            }
        }
        Set<Integer> usedTheirs = new HashSet<>();
        Set<Integer> usedOurs = new HashSet<>();
        int agreed = 0;
        for (var pair : together.entrySet().stream()
                .sorted(Map.Entry.<List<Integer>, Integer>comparingByValue(Comparator.reverseOrder()))
                .toList()) {
            int their = pair.getKey().get(0);
            int our = pair.getKey().get(1);
            if (!usedTheirs.contains(their) && !usedOurs.contains(our)) {
                usedTheirs.add(their);
                usedOurs.add(our);
                agreed += pair.getValue();
            }
        }
        return (double) agreed / boxes;
    }

    private record Clip(List<List<Detection>> frames, List<Motion> motions, JsonNode json) {

        static Clip read(String name) throws IOException {
            try (InputStream in = PublishedTrackersTest.class.getResourceAsStream("/track/" + name + ".json")) {
                JsonNode json = new ObjectMapper().readTree(Objects.requireNonNull(in));
                List<List<Detection>> frames = new ArrayList<>();
                List<Motion> motions = new ArrayList<>();
                for (JsonNode boxes : json.get("frames")) {
                    List<Detection> frame = new ArrayList<>();
                    boxes.forEach(row -> frame.add(detection(row, json.get("labels"))));
                    frames.add(frame);
                    JsonNode motion = json.path("motions").path(motions.size());
                    motions.add(motion.isEmpty() ? Motion.NONE : motion(motion));
                }
                return new Clip(frames, motions, json);
            }
        }

        private static Detection detection(JsonNode row, JsonNode labels) {
            var box = new Box(at(row, 0), at(row, 1), at(row, 2), at(row, 3));
            return new Detection(labels.get(row.get(5).asInt()).asText(), at(row, 4), box);
        }

        private static float at(JsonNode row, int i) {
            return (float) row.get(i).asDouble();
        }

        private static Motion motion(JsonNode m) {
            return new Motion(
                    m.get(0).asDouble(),
                    m.get(1).asDouble(),
                    m.get(2).asDouble(),
                    m.get(3).asDouble(),
                    m.get(4).asDouble(),
                    m.get(5).asDouble());
        }

        List<int[]> ids(String tracker) {
            List<int[]> ids = new ArrayList<>();
            for (JsonNode frame : json.get(tracker)) {
                int[] given = new int[frame.size()];
                for (int i = 0; i < given.length; i++) {
                    given[i] = frame.get(i).asInt();
                }
                ids.add(given);
            }
            return ids;
        }
    }
}
