package mata.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;
import mata.hub.PullProgress;
import mata.hub.PullRequest;
import mata.hub.Puller;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.task.Task;

/**
 * {@code POST /v1/models/pull}. Answers when the pull is done; a caller who accepts {@code application/x-ndjson} also hears how
 * it goes. A caller who hangs up does not stop it.
 */
record PullHandler(Puller puller) implements Handler {

    @Override
    public void handle(Exchange exchange) throws IOException, InterruptedException {
        PullRequest request = read(exchange);
        if (exchange.header("Accept").orElse("").contains(ProgressLines.MEDIA_TYPE)) {
            answerInLines(exchange, request);
        } else {
            RegisteredModel pulled = puller.pull(request, PullProgress.NONE);
            exchange.reply(202, out -> {
                out.writeStartObject();
                writePulled(out, pulled);
                out.writeEndObject();
            });
        }
    }

    private static PullRequest read(Exchange exchange) throws IOException {
        var fields = RequestFields.ofJson(exchange);
        Optional<String> model = fields.requiredText("model");
        Optional<Task> task = fields.requiredTask("task");
        Optional<String> revision = fields.text("revision");
        Optional<String> dtype = fields.text("dtype");
        Optional<String> name = fields.text("name");
        boolean allowTwin = fields.flag("allow_twin");
        fields.finish();
        return new PullRequest(model.orElseThrow(), task, revision, dtype, name, allowTwin);
    }

    private void answerInLines(Exchange exchange, PullRequest request) throws IOException, InterruptedException {
        var lines = new ProgressLines(exchange);
        try {
            RegisteredModel pulled = puller.pull(request, lines);
            lines.end(out -> writePulled(out, pulled));
        } catch (Rejected rejected) {
            if (!lines.hasBegun()) {
                throw rejected;
            }
            lines.end(out -> {
                out.writeStringField("status", "failed");
                out.writeStringField("detail", rejected.problem().detail());
            });
        }
    }

    private static void writePulled(JsonGenerator out, RegisteredModel pulled) throws IOException {
        out.writeStringField("status", "pulled");
        out.writeStringField("model", pulled.model().id());
    }
}
