package mata.params;

import java.util.Map;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;

/** Reads parameters out of plain values (what a JSON object or a form gives), and reports every fault at once. */
public final class ParamsReader {

    private ParamsReader() {}

    /**
     * @param given name to value: String, Number, Boolean, List or null, as a JSON reader makes them
     * @throws Rejected with {@link Problem.Invalid}: one fault for each unknown, renamed or wrong value, at
     *     {@code ["body", "params", name, …]}
     */
    public static Params read(Map<String, ? extends @Nullable Object> given) {
        throw new UnsupportedOperationException("being written");
    }
}
