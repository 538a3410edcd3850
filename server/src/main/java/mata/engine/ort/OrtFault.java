package mata.engine.ort;

import ai.onnxruntime.OrtException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import mata.problem.Problem;
import mata.problem.Rejected;

/** Words the runtime's exceptions. */
final class OrtFault {

    private static final List<String> OUT_OF_MEMORY = List.of(
            "failed to allocate memory",
            "bad allocation",
            "bad_alloc",
            "out of memory",
            "cudaerrormemoryallocation",
            "available memory of");

    /** "Error code - ORT_FAIL - message: ", and the place in the runtime's own source: of no use to a reader. */
    private static final Pattern PREFIX = Pattern.compile("^Error code - \\w+ - message: ");

    private static final Pattern SOURCE =
            Pattern.compile("\\S*/onnxruntime/\\S*\\.(?:cc|h|cu|cpp):\\d+ \\S+(?: \\[[^]]*])? ?");

    private static final int LONGEST = 600;

    private OrtFault() {}

    static Rejected opening(Path graph, OrtException e) {
        String detail = graph.getFileName() + " cannot be opened: " + reason(e);
        return new Rejected(isOutOfMemory(e) ? new Problem.OutOfMemory(detail) : new Problem.BadInput(detail), e);
    }

    static Rejected running(Path graph, OrtException e) {
        String detail = graph.getFileName() + " failed: " + reason(e);
        return new Rejected(isOutOfMemory(e) ? new Problem.OutOfMemory(detail) : new Problem.Broken(detail), e);
    }

    private static boolean isOutOfMemory(OrtException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT);
        return OUT_OF_MEMORY.stream().anyMatch(message::contains);
    }

    /** The first lines of the message, without what only the runtime's authors can read. */
    static String reason(OrtException e) {
        String text = PREFIX.matcher(String.valueOf(e.getMessage())).replaceFirst("");
        text = SOURCE.matcher(text).replaceAll("").strip().replaceAll("\\s*\\n\\s*", " ");
        return text.length() > LONGEST ? text.substring(0, LONGEST) + " …" : text;
    }
}
