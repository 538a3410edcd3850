package mata.track;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Box;
import mata.result.Detection;
import org.jspecify.annotations.Nullable;

/**
 * What ByteTrack and BoT-SORT share: boxes that the detector is sure of are matched with the tracks first; those it is not
 * sure of may then continue what was left over, but begin nothing. Limits without a name in {@link TrackerOptions} are
 * constants in the published code too.
 */
final class TwoRounds {

    /** The most a pair may cost in the second round. */
    private static final double UNSURE_MATCH = 0.5;
    /** The most a pair may cost when a track is confirmed. */
    private static final double TENTATIVE_MATCH = 0.7;
    /** A track this near to a lost one is the same thing found twice. */
    private static final double SAME = 0.85;

    private final TrackerOptions options;
    private final Kalman.Form form;
    private List<Track> tracks = new ArrayList<>();
    private int frame;
    private int lastId;

    TwoRounds(TrackerOptions options, Kalman.Form form) {
        this.options = options;
        this.form = form;
    }

    void reset() {
        tracks = new ArrayList<>();
        frame = 0;
        lastId = 0;
    }

    /** How many things it remembers. */
    int size() {
        return tracks.size();
    }

    /** A detection and its place in the frame's list. */
    private record Seen(int index, Detection detection) {}

    /** What a round of matching left over. */
    private record Rest(List<Track> tracks, List<Seen> seen) {}

    List<Detection> update(List<Detection> detections, Motion motion) {
        detections.forEach(TwoRounds::requireFinite);
        frame++;
        List<Seen> sure = new ArrayList<>();
        List<Seen> unsure = new ArrayList<>();
        sort(detections, sure, unsure);
        @Nullable Track[] owners = new @Nullable Track[detections.size()];

        advance(motion);
        List<Track> tentative = in(Track.State.TENTATIVE);
        List<Track> confirmed = in(Track.State.TRACKED);
        confirmed.addAll(in(Track.State.LOST));
        Rest first = match(confirmed, sure, options.fuseScore(), options.match(), owners);
        List<Track> justMissed = first.tracks.stream()
                .filter(track -> track.is(Track.State.TRACKED))
                .toList();
        Rest second = match(justMissed, unsure, false, UNSURE_MATCH, owners);
        second.tracks.forEach(Track::lose);

        Rest third = match(tentative, first.seen, options.fuseScore(), TENTATIVE_MATCH, owners);
        tracks.removeAll(new HashSet<>(third.tracks));
        tentative.stream().filter(track -> track.framesSince(frame) == 0).forEach(track -> track.confirm(++lastId));
        begin(third.seen, owners);

        tracks.removeIf(track -> track.framesSince(frame) > options.buffer());
        tracks.removeAll(duplicates());
        return answer(detections, owners);
    }

    private static void requireFinite(Detection detection) {
        Box box = detection.box();
        if (!Float.isFinite(detection.confidence())
                || !Float.isFinite(box.x1())
                || !Float.isFinite(box.y1())
                || !Float.isFinite(box.x2())
                || !Float.isFinite(box.y2())) {
            throw new Rejected(new Problem.Broken("the model found a box that is no box: " + detection));
        }
    }

    private void sort(List<Detection> detections, List<Seen> sure, List<Seen> unsure) {
        for (int i = 0; i < detections.size(); i++) {
            Detection detection = detections.get(i);
            Box box = detection.box();
            if (box.x2() <= box.x1() || box.y2() <= box.y1()) {
                continue; // nothing can overlap it
            }
            if (detection.confidence() >= options.high()) {
                sure.add(new Seen(i, detection));
            } else if (detection.confidence() > options.low()) {
                unsure.add(new Seen(i, detection));
            }
        }
    }

    private void advance(Motion motion) {
        tracks.forEach(Track::predict);
        if (!motion.equals(Motion.NONE)) {
            tracks.forEach(track -> track.move(motion));
            // Motions that no camera makes can add up to numbers that are none.
            tracks.removeIf(track -> !track.isSomewhere());
        }
    }

    private List<Track> in(Track.State state) {
        List<Track> found = new ArrayList<>();
        for (Track track : tracks) {
            if (track.is(state)) {
                found.add(track);
            }
        }
        return found;
    }

    private Rest match(
            List<Track> candidates, List<Seen> seen, boolean fuseScore, double limit, @Nullable Track[] owners) {
        double[][] costs = new double[candidates.size()][seen.size()];
        for (int i = 0; i < costs.length; i++) {
            for (int j = 0; j < costs[i].length; j++) {
                Detection detection = seen.get(j).detection;
                double overlap = candidates.get(i).overlap(detection.box());
                costs[i][j] = 1 - (fuseScore ? overlap * detection.confidence() : overlap);
            }
        }
        int[] columnOf = Assignment.solve(costs, limit);
        List<Track> left = new ArrayList<>();
        for (int i = 0; i < columnOf.length; i++) {
            if (columnOf[i] == Assignment.NONE) {
                left.add(candidates.get(i));
            } else {
                Seen taken = seen.get(columnOf[i]);
                candidates.get(i).see(taken.detection.box(), frame);
                owners[taken.index] = candidates.get(i);
            }
        }
        return new Rest(
                left, seen.stream().filter(each -> owners[each.index] == null).toList());
    }

    private void begin(List<Seen> seen, @Nullable Track[] owners) {
        for (Seen each : seen) {
            if (each.detection.confidence() >= options.fresh()) {
                var track = new Track(form, each.detection.box(), frame);
                if (frame == 1) {
                    track.confirm(++lastId);
                }
                tracks.add(track);
                owners[each.index] = track;
            }
        }
    }

    /** Of a lost track and one that was seen in the same place, the one that lived shorter. */
    private Set<Track> duplicates() {
        Set<Track> duplicates = new HashSet<>();
        List<Track> lost = in(Track.State.LOST);
        for (Track track : tracks) {
            if (!track.is(Track.State.LOST)) {
                for (Track other : lost) {
                    if (track.overlap(other) > SAME) {
                        duplicates.add(track.life() > other.life() ? other : track);
                    }
                }
            }
        }
        return duplicates;
    }

    private List<Detection> answer(List<Detection> detections, @Nullable Track[] owners) {
        Set<Track> alive = new HashSet<>(tracks);
        List<Detection> tracked = new ArrayList<>();
        for (int i = 0; i < owners.length; i++) {
            Track owner = owners[i];
            if (owner != null && alive.contains(owner) && owner.is(Track.State.TRACKED)) {
                Detection detection = detections.get(i);
                tracked.add(new Detection(detection.label(), detection.confidence(), detection.box(), owner.id()));
            }
        }
        return List.copyOf(tracked);
    }
}
