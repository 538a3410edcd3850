package mata.result;

import java.util.List;

/**
 * A result with what belongs to it.
 *
 * @param width width of the picture as shown, in pixels
 * @param height height of the picture as shown, in pixels
 * @param warnings what was accepted but left unused, for the caller to read
 */
public record Answer(Result result, int width, int height, Timings timings, List<String> warnings) {
    public Answer {
        warnings = List.copyOf(warnings);
    }
}
