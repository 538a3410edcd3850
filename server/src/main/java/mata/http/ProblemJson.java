package mata.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import mata.problem.Fault;
import mata.problem.Problem;
import org.jspecify.annotations.Nullable;

/** A problem as FastAPI words it: {@code {"detail": "…"}}, or a list of faults for a 422. */
final class ProblemJson {

    private static final int LONGEST_TEXT = 200;
    private static final int LONGEST_LIST = 20;

    private ProblemJson() {}

    static void write(JsonGenerator out, Problem problem, String requestId) throws IOException {
        out.writeStartObject();
        if (problem instanceof Problem.Invalid(List<Fault> faults)) {
            out.writeArrayFieldStart("detail");
            for (Fault fault : faults) {
                write(out, fault);
            }
            out.writeEndArray();
        } else {
            out.writeStringField("detail", problem.detail());
        }
        if (Statuses.of(problem) == 500) {
            out.writeStringField("request_id", requestId);
        }
        out.writeEndObject();
    }

    static void write(JsonGenerator out, String detail) throws IOException {
        out.writeStartObject();
        out.writeStringField("detail", detail);
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Fault fault) throws IOException {
        out.writeStartObject();
        out.writeStringField("type", fault.type());
        out.writeArrayFieldStart("loc");
        for (Object part : fault.loc()) {
            writeInput(out, part);
        }
        out.writeEndArray();
        out.writeStringField("msg", fault.msg());
        out.writeFieldName("input");
        writeInput(out, fault.input());
        out.writeEndObject();
    }

    /** What was sent, cut short where it is long: an answer must not grow with what provoked it. */
    private static void writeInput(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number when Double.isFinite(number) -> out.writeNumber(number);
            case Boolean flag -> out.writeBoolean(flag);
            case List<?> list -> {
                out.writeStartArray();
                for (Object item : list.subList(0, Math.min(list.size(), LONGEST_LIST))) {
                    writeInput(out, item);
                }
                if (list.size() > LONGEST_LIST) {
                    out.writeString("…");
                }
                out.writeEndArray();
            }
            case Map<?, ?> map -> {
                out.writeStartObject();
                int left = LONGEST_LIST;
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (left-- == 0) {
                        break;
                    }
                    out.writeFieldName(String.valueOf(entry.getKey()));
                    writeInput(out, entry.getValue());
                }
                out.writeEndObject();
            }
            default -> out.writeString(cut(String.valueOf(value)));
        }
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST_TEXT - 1)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        return text.substring(0, end) + "…";
    }
}
