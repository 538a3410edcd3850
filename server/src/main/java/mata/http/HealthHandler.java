package mata.http;

import java.io.IOException;

/** {@code GET /v1/health}: up, and what with. */
record HealthHandler(String version, boolean gpuAvailable) implements Handler {

    @Override
    public void handle(Exchange exchange) throws IOException {
        exchange.reply(200, out -> {
            out.writeStartObject();
            out.writeStringField("status", "ok");
            out.writeStringField("version", version);
            out.writeBooleanField("gpu_available", gpuAvailable);
            out.writeEndObject();
        });
    }
}
