package mata.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import mata.params.ParamsReader;
import mata.problem.Fault;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.track.TrackerOptions.Kind;
import org.junit.jupiter.api.Test;

final class TrackerOptionsTest {

    @Test
    void theDefaultsAreThoseOfTheReference() {
        // onnx-models.md section 14
        assertThat(TrackerOptions.DEFAULT)
                .isEqualTo(new TrackerOptions(Kind.BOTSORT, 0.5f, 0.1f, 0.6f, 30, 0.8f, true, true));
    }

    @Test
    void everyParameterIsReadFromTheSession() {
        var params = ParamsReader.read(Map.of(
                "tracker",
                "botsort",
                "track_high",
                0.25,
                "track_low",
                0.05,
                "track_new",
                0.3,
                "track_buffer",
                90,
                "track_match",
                0.7,
                "fuse_score",
                false,
                "camera_motion",
                false));

        assertThat(TrackerOptions.of(params))
                .isEqualTo(new TrackerOptions(Kind.BOTSORT, 0.25f, 0.05f, 0.3f, 90, 0.7f, false, false));
    }

    @Test
    void byteTrackNeverWantsTheCamerasMotion() {
        var options = TrackerOptions.of(ParamsReader.read(Map.of("tracker", "bytetrack", "camera_motion", true)));

        assertThat(options.kind()).isEqualTo(Kind.BYTETRACK);
        assertThat(options.cameraMotion()).isFalse();
    }

    @Test
    void aLowThresholdAboveTheHighOneIsRefusedByName() {
        var params = ParamsReader.read(Map.of("track_low", 0.7));

        assertThatThrownBy(() -> TrackerOptions.of(params))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(new Problem.Invalid(List.of(new Fault(
                                        "less_than_equal",
                                        List.of("body", "params", "track_low"),
                                        "Input should be track_high or less",
                                        0.7f)))));
    }

    @Test
    void everythingOutOfRangeIsReportedAtOnce() {
        assertThatThrownBy(() -> new TrackerOptions(Kind.BYTETRACK, Float.NaN, -0.1f, 1.5f, -1, 2, true, false))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isInstanceOfSatisfying(
                                        Problem.Invalid.class,
                                        invalid -> assertThat(invalid.faults())
                                                .extracting(Fault::field)
                                                .containsExactly(
                                                        "params.track_high",
                                                        "params.track_low",
                                                        "params.track_new",
                                                        "params.track_match",
                                                        "params.track_buffer")));
    }
}
