package mata.track;

import java.util.List;
import mata.problem.Rejected;
import mata.result.Detection;

/**
 * Gives the boxes of one video's frames ids that stay with the things they show. One for each streaming session, never
 * shared: it remembers, and is not safe to share between threads. What it remembers is bounded by the boxes of the last
 * {@link TrackerOptions#buffer} frames. The same frames always give the same ids.
 */
public interface Tracker {

    /**
     * The next frame, in the order of the video; one without detections ages the tracks.
     *
     * @param detections what the detector found, down to about confidence 0.1; labels play no part in the matching
     * @param motion how the camera moved since the frame given last
     * @return those of the detections that belong to a track, as they were and in their order, with the track's id: 1 and
     *     up, each id for one track only. A thing gets its id in the second frame in a row that shows it, or at once in
     *     the first frame of all. A box without area belongs to no track.
     * @throws Rejected with {@code Broken} for a box or confidence that is not a finite number; the tracker is as before then
     */
    List<Detection> update(List<Detection> detections, Motion motion);

    /** As {@link #update(List, Motion)} with a camera that stood still. */
    default List<Detection> update(List<Detection> detections) {
        return update(detections, Motion.NONE);
    }

    /** Forgets everything: the next frame is the first, and ids begin at 1 again. */
    void reset();

    static Tracker of(TrackerOptions options) {
        return switch (options.kind()) {
            case BOTSORT -> new BotSort(options);
            case BYTETRACK -> new ByteTracker(options);
        };
    }
}
