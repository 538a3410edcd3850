package mata.track;

import java.util.ArrayList;
import java.util.List;
import mata.params.Parameter;
import mata.params.Params;
import mata.problem.Fault;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * How to track: onnx-models.md section 14.
 *
 * @param high confidence from which a box takes part in the first round of matching
 * @param low confidence above which a box may still continue a track that the first round left without one
 * @param fresh confidence from which a box that continues nothing begins a track; a box must pass {@code high} as well
 * @param buffer frames that a track outlives its last box, 0 to {@link #MOST_FRAMES}
 * @param match the most that a pair may cost in the first round: 1 - overlap, or 1 - overlap · confidence with {@code fuseScore}
 * @param fuseScore whether an unsure box costs more
 * @param cameraMotion whether the tracker wants to know how the camera moved; ByteTrack never does
 */
public record TrackerOptions(
        Kind kind,
        float high,
        float low,
        float fresh,
        int buffer,
        float match,
        boolean fuseScore,
        boolean cameraMotion) {

    /** More than enough to walk behind a house; keeps what a tracker remembers bounded. */
    public static final int MOST_FRAMES = 3600;

    /** The published trackers, under the names of the parameter {@code tracker}. */
    public enum Kind {
        BOTSORT,
        BYTETRACK
    }

    /** BoT-SORT with camera motion, as the reference has it. */
    public static final TrackerOptions DEFAULT = of(Params.NONE);

    /** @throws Rejected naming every parameter that is out of range or contradicts another */
    public TrackerOptions {
        List<Fault> faults = new ArrayList<>();
        fraction(Parameter.TRACK_HIGH, high, faults);
        fraction(Parameter.TRACK_LOW, low, faults);
        fraction(Parameter.TRACK_NEW, fresh, faults);
        fraction(Parameter.TRACK_MATCH, match, faults);
        if (buffer < 0 || buffer > MOST_FRAMES) {
            faults.add(fault(Parameter.TRACK_BUFFER, "value_error", "Input should be 0 to " + MOST_FRAMES, buffer));
        }
        if (low > high) {
            faults.add(fault(Parameter.TRACK_LOW, "less_than_equal", "Input should be track_high or less", low));
        }
        if (!faults.isEmpty()) {
            throw new Rejected(new Problem.Invalid(faults));
        }
        cameraMotion = cameraMotion && kind == Kind.BOTSORT;
    }

    /** @throws Rejected where parameters contradict each other */
    public static TrackerOptions of(Params params) {
        return new TrackerOptions(
                params.text(Parameter.TRACKER, "botsort").equals("bytetrack") ? Kind.BYTETRACK : Kind.BOTSORT,
                params.fraction(Parameter.TRACK_HIGH, 0.5f),
                params.fraction(Parameter.TRACK_LOW, 0.1f),
                params.fraction(Parameter.TRACK_NEW, 0.6f),
                params.whole(Parameter.TRACK_BUFFER, 30),
                params.fraction(Parameter.TRACK_MATCH, 0.8f),
                params.flag(Parameter.FUSE_SCORE, true),
                params.flag(Parameter.CAMERA_MOTION, true));
    }

    private static void fraction(Parameter parameter, float value, List<Fault> faults) {
        if (!(value >= 0 && value <= 1)) {
            faults.add(fault(parameter, "value_error", "Input should be 0 to 1", value));
        }
    }

    private static Fault fault(Parameter parameter, String type, String msg, Number input) {
        return new Fault(type, List.of("body", "params", parameter.word()), msg, input);
    }
}
