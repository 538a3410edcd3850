package mata.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mata.params.Parameter;
import mata.params.Params;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.result.Answer;
import mata.scheduler.Job;
import mata.scheduler.Scheduler;
import mata.scheduler.Ticket;
import mata.task.Task;
import mata.time.Time;

/** {@code /v1/infer} and {@code /v1/infer/upload}: request, ticket, answer. */
final class InferHandlers {

    private final Registry registry;
    private final Scheduler scheduler;
    private final Time time;
    private final long maxImagePixels;
    private final Duration limit;

    InferHandlers(VisionParts parts) {
        this.registry = parts.registry();
        this.scheduler = parts.scheduler();
        this.time = parts.time();
        this.maxImagePixels = parts.maxImagePixels();
        this.limit = parts.requestTimeout();
    }

    void infer(Exchange exchange) throws IOException, InterruptedException {
        answer(exchange, InferRequest.read(exchange, maxImagePixels));
    }

    void upload(Exchange exchange) throws IOException, InterruptedException {
        answer(exchange, InferRequest.ofForm(exchange, maxImagePixels));
    }

    private void answer(Exchange exchange, InferRequest request) throws IOException, InterruptedException {
        RegisteredModel model = Models.find(registry, request.model());
        Task task = task(model, request);
        List<JsonWriting> results = new ArrayList<>();
        for (Answer answer : answers(exchange, jobs(model, task, request))) {
            List<String> warnings = warnings(task, request.params(), answer);
            results.add(MataV1.of(model.model(), task, time.wall(), answer, warnings));
        }
        exchange.reply(200, request.asList() ? asList(results) : results.getFirst());
    }

    private List<Job> jobs(RegisteredModel model, Task task, InferRequest request) {
        return request.pictures().stream()
                .map(picture ->
                        new Job(model.model(), task, picture, request.params(), limit, request.keepAliveSeconds()))
                .toList();
    }

    /** Queues every job and waits for every answer; the first problem is the problem of all. */
    private List<Answer> answers(Exchange exchange, List<Job> jobs) throws InterruptedException {
        List<Ticket> tickets = new ArrayList<>();
        try {
            for (Job job : jobs) {
                tickets.add(scheduler.submit(job));
            }
            List<Ticket> queued = List.copyOf(tickets);
            List<Answer> answers = new ArrayList<>();
            try (var _ = exchange.watch(() -> queued.forEach(Ticket::cancel))) {
                for (Ticket ticket : queued) {
                    answers.add(ticket.await());
                }
            }
            return answers;
        } finally {
            tickets.forEach(Ticket::cancel);
        }
    }

    private static Task task(RegisteredModel model, InferRequest request) {
        Task asked = request.task().orElse(model.task());
        boolean possible = asked == model.task() || (asked == Task.TRACK && model.task() == Task.DETECT);
        if (!possible) {
            throw Rejected.invalid(
                    "task",
                    "value_error",
                    model.model() + " does " + model.task().word() + ", not " + asked.word());
        }
        return asked;
    }

    private static List<String> warnings(Task task, Params params, Answer answer) {
        List<String> warnings = new ArrayList<>();
        for (Parameter parameter : Parameter.values()) {
            if (params.has(parameter) && !parameter.usedBy(task)) {
                warnings.add(parameter.word() + ": not used by " + task.word() + " models");
            }
        }
        answer.warnings().stream()
                .filter(warning -> !warnings.contains(warning))
                .forEach(warnings::add);
        return warnings;
    }

    private static JsonWriting asList(List<JsonWriting> results) {
        return out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("results");
            for (JsonWriting result : results) {
                result.to(out);
            }
            out.writeEndArray();
            out.writeEndObject();
        };
    }
}
