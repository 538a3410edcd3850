package mata.vision;

import java.util.List;
import mata.problem.Problem;
import mata.result.Result;

/** What became of one frame. */
public sealed interface Outcome {

    /** Times in milliseconds; {@code runMs} is the share of a batch's run. */
    record Done(Result result, double preMs, double runMs, double postMs, List<String> warnings) implements Outcome {
        public Done {
            warnings = List.copyOf(warnings);
        }
    }

    record Failed(Problem problem) implements Outcome {}
}
