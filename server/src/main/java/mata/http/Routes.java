package mata.http;

import mata.auth.Gate;

/** All paths of the vision API on one screen. */
final class Routes {

    private Routes() {}

    static Router vision(VisionParts parts) {
        var models = new ModelHandlers(parts);
        var pull = new PullHandler(parts.puller());
        var infer = new InferHandlers(parts);
        var pages = new OpenApiPages();
        var guard = new Guard(parts.gate());
        return new Router()
                .get("/v1/health", new HealthHandler(parts.version(), parts.gpuAvailable()))
                .get("/v1/models", guard.before(models::list))
                .get("/v1/models/{name}", guard.before(models::show))
                .get("/v1/models/{org}/{name}", guard.before(models::show))
                .delete("/v1/models/{name}", guard.before(models::remove))
                .delete("/v1/models/{org}/{name}", guard.before(models::remove))
                .post("/v1/models/pull", guard.before(pull))
                .post("/v1/models/warmup", guard.before(models::warmUp))
                .post("/v1/models/unload", guard.before(models::unload))
                .get("/v1/ps", guard.before(models::inMemory))
                .post("/v1/infer", guard.before(infer::infer))
                .post("/v1/infer/upload", guard.before(infer::upload))
                .get("/openapi.json", pages::description)
                .get("/docs", pages::swaggerUi)
                .get("/docs/{file}", pages::swaggerUiFile)
                .get("/redoc", pages::redoc)
                .get("/redoc/{file}", pages::redocFile);
    }

    /** Stands before every route but health and the pages. */
    private record Guard(Gate gate) {

        Handler before(Handler handler) {
            return exchange -> {
                gate.admit(exchange.header("Authorization"));
                handler.handle(exchange);
            };
        }
    }
}
