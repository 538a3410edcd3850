package mata.http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import mata.fleet.Fleet;
import mata.fleet.LoadedModelView;
import mata.hub.ModelSizes;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.ModelState;
import org.jspecify.annotations.Nullable;

/** {@code /v1/models} and {@code /v1/ps}: what is installed, what is in memory, and moving models between the two. */
final class ModelHandlers {

    private static final double MEGA = 1e6;

    private final Registry registry;
    private final Fleet fleet;
    private final ModelSizes sizes;

    ModelHandlers(VisionParts parts) {
        this.registry = parts.registry();
        this.fleet = parts.fleet();
        this.sizes = parts.sizes();
    }

    void list(Exchange exchange) throws IOException {
        List<RegisteredModel> models = registry.list();
        Map<ModelRef, LoadedModelView> lives = lives();
        exchange.reply(200, out -> {
            out.writeStartArray();
            for (RegisteredModel model : models) {
                write(out, model, lives.get(model.model()));
            }
            out.writeEndArray();
        });
    }

    void show(Exchange exchange) throws IOException {
        RegisteredModel model = find(inPath(exchange));
        LoadedModelView life = lives().get(model.model());
        exchange.reply(200, out -> write(out, model, life));
    }

    /** Forgets the model; its weights stay on disk. */
    void remove(Exchange exchange) throws IOException, InterruptedException {
        RegisteredModel model = find(inPath(exchange));
        registry.remove(model.model());
        fleet.unload(model.model());
        status(exchange, "removed", model);
    }

    void warmUp(Exchange exchange) throws IOException, InterruptedException {
        RegisteredModel model = find(inBody(exchange));
        fleet.load(model.model());
        status(exchange, "ready", model);
    }

    void unload(Exchange exchange) throws IOException, InterruptedException {
        RegisteredModel model = find(inBody(exchange));
        status(exchange, fleet.unload(model.model()) ? "unloaded" : "not_loaded", model);
    }

    /** What is in memory, and what was. */
    void inMemory(Exchange exchange) throws IOException {
        List<LoadedModelView> lives = fleet.models();
        exchange.reply(200, out -> {
            out.writeStartArray();
            for (LoadedModelView life : lives) {
                write(out, life);
            }
            out.writeEndArray();
        });
    }

    private static String inPath(Exchange exchange) {
        return exchange.hasPathPart("org")
                ? exchange.pathPart("org") + "/" + exchange.pathPart("name")
                : exchange.pathPart("name");
    }

    private static String inBody(Exchange exchange) throws IOException {
        var fields = RequestFields.ofJson(exchange);
        Optional<String> model = fields.requiredText("model");
        fields.finish();
        return model.orElseThrow();
    }

    private RegisteredModel find(String model) {
        return Models.find(registry, model);
    }

    private Map<ModelRef, LoadedModelView> lives() {
        return fleet.models().stream().collect(Collectors.toMap(LoadedModelView::model, Function.identity()));
    }

    private static void status(Exchange exchange, String status, RegisteredModel model) throws IOException {
        exchange.reply(200, out -> {
            out.writeStartObject();
            out.writeStringField("status", status);
            out.writeStringField("model", model.model().id());
            out.writeEndObject();
        });
    }

    private void write(JsonGenerator out, RegisteredModel model, @Nullable LoadedModelView life) throws IOException {
        OptionalLong bytes = sizes.bytes(model);
        out.writeStartObject();
        out.writeStringField("model", model.model().id());
        out.writeStringField("task", model.task().word());
        out.writeStringField("source", model.source().word());
        out.writeStringField("state", (life == null ? ModelState.UNLOADED : life.state()).word());
        megabytes(out, "size_mb", bytes.orElse(0));
        megabytes(out, "memory_mb", life == null ? 0 : life.memoryBytes());
        time(out, "loaded_at", life == null || !isInMemory(life) ? null : life.loadedAt());
        time(out, "last_used", life == null ? null : life.lastUsed());
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, LoadedModelView life) throws IOException {
        out.writeStartObject();
        out.writeStringField("model", life.model().id());
        out.writeStringField("state", life.state().word());
        out.writeStringField("device", life.device());
        megabytes(out, "memory_mb", life.memoryBytes());
        time(out, "loaded_at", isInMemory(life) ? life.loadedAt() : null);
        time(out, "last_used", life.lastUsed());
        time(out, "expires_at", life.expiresAt());
        out.writeNumberField("loads", life.loads());
        out.writeStringField("last_end", life.lastEnd());
        out.writeEndObject();
    }

    private static boolean isInMemory(LoadedModelView life) {
        return switch (life.state()) {
            case READY, ACTIVE, IDLE -> true;
            case UNLOADED, LOADING, EVICTED -> false;
        };
    }

    /** To two places; null for nothing. */
    private static void megabytes(JsonGenerator out, String name, long bytes) throws IOException {
        if (bytes > 0) {
            out.writeNumberField(name, Math.round(bytes / MEGA * 100) / 100.0);
        } else {
            out.writeNullField(name);
        }
    }

    private static void time(JsonGenerator out, String name, @Nullable Instant time) throws IOException {
        if (time == null) {
            out.writeNullField(name);
        } else {
            out.writeNumberField(name, UnixTime.seconds(time));
        }
    }
}
