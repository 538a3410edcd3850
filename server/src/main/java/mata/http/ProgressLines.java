package mata.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import mata.hub.PullProgress;
import org.jspecify.annotations.Nullable;

/**
 * A pull's progress as one JSON object a line. Begins the answer with the first report, so that what fails before it still
 * gets a status of its own; goes on silently when the client has gone.
 */
final class ProgressLines implements PullProgress {

    static final String MEDIA_TYPE = "application/x-ndjson";

    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Exchange exchange;
    private @Nullable OutputStream lines;
    private boolean gone;
    private String lastFile = "";
    private String lastStatus = "";
    private long lastTime;

    ProgressLines(Exchange exchange) {
        this.exchange = exchange;
    }

    boolean hasBegun() {
        return lines != null;
    }

    /** Passes on changes of file and status, the end of a file, and otherwise a line every so often. */
    @Override
    public void report(String status, String file, long completed, long total) {
        long now = System.nanoTime();
        boolean news = !status.equals(lastStatus) || !file.equals(lastFile) || completed == total;
        if (gone || !(news || now - lastTime >= PAUSE.toNanos())) {
            return;
        }
        lastStatus = status;
        lastFile = file;
        lastTime = now;
        try {
            line(out -> {
                out.writeStringField("status", status);
                out.writeStringField("file", file);
                out.writeNumberField("completed", completed);
                if (total >= 0) {
                    out.writeNumberField("total", total);
                } else {
                    out.writeNullField("total");
                }
            });
        } catch (IOException e) {
            gone = true;
        }
    }

    /** Writes the last line and ends the answer. */
    void end(JsonWriting members) throws IOException {
        if (!gone) {
            line(members);
            open().close();
        }
    }

    private void line(JsonWriting members) throws IOException {
        OutputStream out = open();
        JsonGenerator json = Json.FACTORY.createGenerator(out);
        json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        json.writeStartObject();
        members.to(json);
        json.writeEndObject();
        json.close();
        out.write("\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private OutputStream open() {
        OutputStream open = lines == null ? exchange.open(202, MEDIA_TYPE) : lines;
        lines = open;
        return open;
    }
}
