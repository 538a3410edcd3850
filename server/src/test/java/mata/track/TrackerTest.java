package mata.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Box;
import mata.result.Detection;
import mata.track.TrackerOptions.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is true of both trackers, whatever the video. Agreement with the published ones: {@link PublishedTrackersTest}. */
final class TrackerTest {

    private static final List<Detection> NOTHING = List.of();

    @ParameterizedTest
    @EnumSource(Kind.class)
    void inTheFirstFrameIdsCountFromOneInTheOrderGiven(Kind kind) {
        var cat = at(10, 10, 0.9f);
        var dog = at(200, 10, 0.7f);

        assertThat(tracker(kind).update(List.of(cat, dog))).containsExactly(with(cat, 1), with(dog, 2));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aTrackerKnowsNothingOfAnother(Kind kind) {
        tracker(kind).update(List.of(at(10, 10, 0.9f)));

        assertThat(ids(tracker(kind).update(List.of(at(10, 10, 0.9f))))).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatAppearsLaterGetsItsIdInItsSecondFrame(Kind kind) {
        Tracker tracker = tracker(kind);
        tracker.update(NOTHING);

        List<Detection> first = tracker.update(List.of(at(10, 10, 0.9f)));
        List<Detection> second = tracker.update(List.of(at(11, 10, 0.9f)));

        assertThat(first).isEmpty();
        assertThat(ids(second)).containsExactly(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whatIsSeenOnceOnlyGetsNoId(Kind kind) {
        Tracker tracker = tracker(kind);
        tracker.update(NOTHING);

        tracker.update(List.of(at(10, 10, 0.9f)));
        tracker.update(NOTHING);
        List<Detection> again = tracker.update(List.of(at(10, 10, 0.9f)));

        assertThat(again).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anUnsureBoxContinuesATrackButBeginsNone(Kind kind) {
        Tracker tracker = tracker(kind);
        tracker.update(List.of(at(10, 10, 0.9f)));

        List<Detection> next = tracker.update(List.of(at(12, 10, 0.3f), at(300, 10, 0.3f)));
        List<Detection> afterNext = tracker.update(List.of(at(14, 10, 0.1f), at(300, 10, 0.55f)));

        assertThat(next).containsExactly(with(at(12, 10, 0.3f), 1));
        assertThat(afterNext)
                .as("0.1 is not above track_low, 0.55 below track_new")
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void boxesComeBackInTheOrderGivenWithTheirOwnLabels(Kind kind) {
        Tracker tracker = tracker(kind);
        tracker.update(List.of(at(10, 10, 0.9f), at(200, 10, 0.7f)));

        var truck = new Detection("truck", 0.95f, new Box(200, 10, 240, 70));
        List<Detection> tracked = tracker.update(List.of(truck, at(600, 10, 0.9f), at(10, 10, 0.8f)));

        assertThat(tracked).containsExactly(with(truck, 2), with(at(10, 10, 0.8f), 1));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aTrackOutlivesAsManyMissedFramesAsItsBufferHolds(Kind kind) {
        assertThat(idAfterAbsence(kind, 0)).isEqualTo(1);
        assertThat(idAfterAbsence(kind, 30)).isEqualTo(1);
        assertThat(idAfterAbsence(kind, 31)).isEqualTo(2);
    }

    /** The id of a thing that stands still and is missed for so many frames in between. */
    private static int idAfterAbsence(Kind kind, int missed) {
        Tracker tracker = tracker(kind);
        tracker.update(List.of(at(10, 10, 0.9f)));
        for (int i = 0; i < missed; i++) {
            assertThat(tracker.update(NOTHING)).isEmpty();
        }
        tracker.update(List.of(at(10, 10, 0.9f)));
        return ids(tracker.update(List.of(at(10, 10, 0.9f)))).getFirst();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void withoutABufferWhatIsMissedOnceIsForgotten(Kind kind) {
        Tracker tracker = Tracker.of(new TrackerOptions(kind, 0.5f, 0.1f, 0.6f, 0, 0.8f, true, false));
        tracker.update(List.of(at(10, 10, 0.9f)));
        tracker.update(NOTHING);

        tracker.update(List.of(at(10, 10, 0.9f)));

        assertThat(ids(tracker.update(List.of(at(10, 10, 0.9f))))).containsExactly(2);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aResetTrackerIsANewOne(Kind kind) {
        List<List<Detection>> video = video(21, 120);
        Tracker fresh = tracker(kind);
        Tracker used = tracker(kind);
        video(22, 90).forEach(used::update);

        used.reset();

        for (List<Detection> frame : video) {
            assertThat(used.update(frame)).isEqualTo(fresh.update(frame));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void boxesInTheSamePlaceNeverShareAnId(Kind kind) {
        Tracker tracker = tracker(kind);
        for (int i = 0; i < 20; i++) {
            var twin = at(10 + i, 10, 0.9f);

            List<Detection> tracked = tracker.update(List.of(twin, twin, twin));

            assertThat(ids(tracked)).doesNotHaveDuplicates().contains(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aBoxWithoutAreaBelongsToNoTrack(Kind kind) {
        Tracker tracker = tracker(kind);
        var seen = at(10, 10, 0.9f);
        var flat = new Detection("cat", 0.9f, new Box(10, 10, 50, 10));
        var point = new Detection("cat", 0.9f, new Box(10, 10, 10, 10));
        var insideOut = new Detection("cat", 0.9f, new Box(50, 70, 10, 10));

        for (int i = 0; i < 3; i++) {
            assertThat(tracker.update(List.of(flat, point, seen, insideOut))).containsExactly(with(seen, 1));
        }
        assertThat(tracker.update(List.of(flat, point, insideOut))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void numbersThatAreNoneAreRefusedAndChangeNothing(float odd) {
        for (Kind kind : Kind.values()) {
            Tracker tracker = tracker(kind);
            tracker.update(List.of(at(10, 10, 0.9f)));
            var good = at(11, 10, 0.9f);
            for (Detection bad : List.of(
                    new Detection("cat", odd, new Box(1, 2, 3, 4)),
                    new Detection("cat", 0.9f, new Box(odd, 2, 3, 4)),
                    new Detection("cat", 0.9f, new Box(1, odd, 3, 4)),
                    new Detection("cat", 0.9f, new Box(1, 2, odd, 4)),
                    new Detection("cat", 0.9f, new Box(1, 2, 3, odd)))) {

                assertThatThrownBy(() -> tracker.update(List.of(good, bad)))
                        .isInstanceOfSatisfying(
                                Rejected.class,
                                rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.Broken.class));
            }

            assertThat(tracker.update(List.of(good))).containsExactly(with(good, 1));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theLargestAndTheSmallestBoxesAreFollowedToo(Kind kind) {
        Tracker tracker = tracker(kind);
        var huge = new Detection(
                "sky", 0.9f, new Box(-Float.MAX_VALUE, -Float.MAX_VALUE, Float.MAX_VALUE, Float.MAX_VALUE));
        var tiny = new Detection("star", 0.9f, new Box(0, 0, Float.MIN_VALUE, Float.MIN_VALUE));

        for (int i = 0; i < 40; i++) {
            assertThat(tracker.update(List.of(huge, tiny))).containsExactly(with(huge, 1), with(tiny, 2));
        }
    }

    @Test
    void botSortFollowsThingsThroughAJumpOfTheCamera() {
        var jump = new Motion(1, 0, 400, 0, 1, -300);
        Tracker told = tracker(Kind.BOTSORT);
        Tracker untold = Tracker.of(new TrackerOptions(Kind.BOTSORT, 0.5f, 0.1f, 0.6f, 30, 0.8f, true, false));
        Tracker byteTrack = tracker(Kind.BYTETRACK);
        for (Tracker tracker : List.of(told, untold, byteTrack)) {
            tracker.update(List.of(at(10, 400, 0.9f)));
        }
        var after = List.of(at(410, 100, 0.9f));

        assertThat(ids(told.update(after, jump))).containsExactly(1);
        assertThat(untold.update(after, jump)).as("camera_motion off").isEmpty();
        assertThat(byteTrack.update(after, jump)).as("has no camera motion").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-200, 1e200, -1})
    void motionsThatNoCameraMakesBreakNothing(double scale) {
        Tracker tracker = tracker(Kind.BOTSORT);
        var scene = new Scene(41, 5);
        for (int i = 0; i < 50; i++) {
            tracker.update(scene.next(), new Motion(scale, 0, 5, 0, scale, 5));
        }

        tracker.update(List.of(at(10, 10, 0.9f)));
        List<Detection> second = tracker.update(List.of(at(11, 10, 0.9f)));
        List<Detection> third = tracker.update(List.of(at(12, 10, 0.9f)));

        assertThat(second).hasSize(1);
        assertThat(ids(third)).isEqualTo(ids(second));
    }

    @Test
    void aMotionThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new Motion(1, 0, Double.NaN, 0, 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void throughAHundredThousandFramesNoIdIsSharedOrComesBackAndNothingGrows(Kind kind) {
        var options = new TrackerOptions(kind, 0.5f, 0.1f, 0.6f, 5, 0.8f, true, false);
        var tracks = new TwoRounds(options, kind == Kind.BYTETRACK ? Kalman.Form.XYAH : Kalman.Form.XYWH);
        var scene = new Scene(31, 4);
        Map<Integer, Integer> lastSeen = new HashMap<>();
        int most = 0;
        for (int frame = 0; frame < 100_000; frame++) {
            Set<Integer> inFrame = new HashSet<>();
            for (Detection tracked : tracks.update(scene.next(), Motion.NONE)) {
                int id = tracked.trackId();
                Integer before = lastSeen.put(id, frame);
                if (!inFrame.add(id) || (before != null && frame - before > options.buffer() + 1)) {
                    fail("id %d in frame %d, before in frame %d", id, frame, before);
                }
            }
            most = Math.max(most, tracks.size());
        }
        assertThat(most)
                .as("those of the last frames, with at most 6 boxes each")
                .isLessThanOrEqualTo(6 * 6);
        assertThat(lastSeen.size()).as("ids given").isGreaterThan(1000);
        assertThat(lastSeen.keySet()).allMatch(id -> id >= 1);
    }

    private static Tracker tracker(Kind kind) {
        return Tracker.of(new TrackerOptions(kind, 0.5f, 0.1f, 0.6f, 30, 0.8f, true, true));
    }

    private static Detection at(float x, float y, float confidence) {
        return new Detection("cat", confidence, new Box(x, y, x + 40, y + 60));
    }

    private static Detection with(Detection detection, int id) {
        return new Detection(detection.label(), detection.confidence(), detection.box(), id);
    }

    private static List<Integer> ids(List<Detection> tracked) {
        return tracked.stream().map(Detection::trackId).toList();
    }

    private static List<List<Detection>> video(long seed, int frames) {
        var scene = new Scene(seed, 5);
        List<List<Detection>> video = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            video.add(scene.next());
        }
        return video;
    }

    /** Things that drift, vanish and appear somewhere else; now and then an empty frame, a flat box or a box found twice. */
    private static final class Scene {
        private final Random dice;
        private final float[][] places;

        Scene(long seed, int things) {
            this.dice = new Random(seed);
            this.places = new float[things][];
            for (int i = 0; i < things; i++) {
                places[i] = anywhere();
            }
        }

        List<Detection> next() {
            List<Detection> found = new ArrayList<>();
            if (dice.nextInt(50) == 0) {
                return found;
            }
            for (int i = 0; i < places.length; i++) {
                if (dice.nextInt(40) == 0) {
                    places[i] = anywhere();
                }
                places[i][0] += (float) dice.nextGaussian(0, 3);
                places[i][1] += (float) dice.nextGaussian(0, 3);
                if (dice.nextInt(10) > 0) {
                    found.add(at(places[i][0], places[i][1], 0.2f + 0.8f * dice.nextFloat()));
                }
            }
            if (!found.isEmpty() && dice.nextInt(20) == 0) {
                found.add(found.getFirst());
            }
            if (dice.nextInt(100) == 0) {
                found.add(new Detection("cat", 0.9f, new Box(5, 5, 5, 9)));
            }
            return found;
        }

        private float[] anywhere() {
            return new float[] {600 * dice.nextFloat(), 400 * dice.nextFloat()};
        }
    }
}
