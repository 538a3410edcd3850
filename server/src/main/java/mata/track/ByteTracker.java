package mata.track;

import java.util.List;
import mata.result.Detection;

/** ByteTrack (Zhang et al., ECCV 2022): sizes are followed as aspect ratio and height, camera motion is left unused. */
final class ByteTracker implements Tracker {

    private final TwoRounds tracks;

    ByteTracker(TrackerOptions options) {
        this.tracks = new TwoRounds(options, Kalman.Form.XYAH);
    }

    @Override
    public List<Detection> update(List<Detection> detections, Motion motion) {
        return tracks.update(detections, Motion.NONE);
    }

    @Override
    public void reset() {
        tracks.reset();
    }
}
