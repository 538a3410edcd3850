package mata.problem;

import java.util.List;

/** Carries a {@link Problem} up to the listener that answers it. */
public final class Rejected extends RuntimeException {

    private final transient Problem problem;

    public Rejected(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    public Rejected(Problem problem, Throwable cause) {
        super(problem.detail(), cause);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }

    /** A fault of one field of the request body; {@code path} is dotted: {@code params.box_prompts}. */
    public static Rejected invalid(String path, String type, String msg) {
        List<Object> loc = new java.util.ArrayList<>(List.of("body"));
        loc.addAll(List.of(path.split("\\.")));
        return new Rejected(new Problem.Invalid(List.of(new Fault(type, loc, msg, null))));
    }
}
