package mata.http;

import mata.problem.Problem;

/** Which status code answers which problem, on listeners that speak as the vision API does. */
final class Statuses {

    /** What nginx writes to its log when the client hung up; never seen by anybody else. */
    static final int CLIENT_GONE = 499;

    private Statuses() {}

    static int of(Problem problem) {
        return switch (problem) {
            case Problem.BadInput _ -> 400;
            case Problem.Unauthenticated _ -> 401;
            case Problem.Forbidden _ -> 403;
            case Problem.Missing _ -> 404;
            case Problem.SlowSender _ -> 408;
            case Problem.Conflict _ -> 409;
            case Problem.TooLarge _ -> 413;
            case Problem.UnsupportedMedia _ -> 415;
            case Problem.Invalid _ -> 422;
            case Problem.Cancelled _ -> CLIENT_GONE;
            case Problem.ReaderLost _, Problem.Broken _ -> 500;
            case Problem.Busy _ -> 503;
            case Problem.DeadlinePassed _ -> 504;
            case Problem.OutOfMemory _ -> 507;
        };
    }
}
