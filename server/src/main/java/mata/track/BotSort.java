package mata.track;

import java.util.List;
import mata.result.Detection;

/**
 * BoT-SORT (Aharon et al., 2022) without re-identification: sizes are followed as width and height, and what is predicted
 * moves with the camera.
 */
final class BotSort implements Tracker {

    private final TrackerOptions options;
    private final TwoRounds tracks;

    BotSort(TrackerOptions options) {
        this.options = options;
        this.tracks = new TwoRounds(options, Kalman.Form.XYWH);
    }

    @Override
    public List<Detection> update(List<Detection> detections, Motion motion) {
        return tracks.update(detections, options.cameraMotion() ? motion : Motion.NONE);
    }

    @Override
    public void reset() {
        tracks.reset();
    }
}
