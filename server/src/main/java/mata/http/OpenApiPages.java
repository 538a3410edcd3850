package mata.http;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import mata.problem.Problem;
import mata.problem.Rejected;

/**
 * The API's description and the two pages that show it, all from files in the jar: {@code /openapi.json}, {@code /docs}
 * (Swagger UI) and {@code /redoc}.
 */
final class OpenApiPages {

    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
    private static final Map<String, String> SWAGGER_UI_FILES = Map.of(
            "swagger-ui.css", SWAGGER_UI + "swagger-ui.css",
            "swagger-ui-bundle.js", SWAGGER_UI + "swagger-ui-bundle.js",
            "favicon-32x32.png", SWAGGER_UI + "favicon-32x32.png",
            "start.js", "/mata/http/docs.js");
    private static final Map<String, String> REDOC_FILES = Map.of(
            "redoc.standalone.js", "/vendor/redoc/redoc.standalone.js",
            "start.js", "/mata/http/redoc.js");

    /** Nothing from elsewhere, no script in the page itself. */
    private static final String STRICT =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** Redoc makes its styles as it runs. */
    private static final String WITH_OWN_STYLES =
            STRICT.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'");

    void description(Exchange exchange) throws IOException {
        exchange.reply(200, Exchange.JSON, Description.JSON);
    }

    void swaggerUi(Exchange exchange) throws IOException {
        page(exchange, "/mata/http/docs.html", STRICT);
    }

    void swaggerUiFile(Exchange exchange) throws IOException {
        file(exchange, SWAGGER_UI_FILES);
    }

    void redoc(Exchange exchange) throws IOException {
        page(exchange, "/mata/http/redoc.html", WITH_OWN_STYLES);
    }

    void redocFile(Exchange exchange) throws IOException {
        file(exchange, REDOC_FILES);
    }

    private static void page(Exchange exchange, String resource, String policy) throws IOException {
        exchange.setHeader("Content-Security-Policy", policy);
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        exchange.setHeader("Referrer-Policy", "no-referrer");
        exchange.reply(200, "text/html; charset=utf-8", bytes(resource));
    }

    private static void file(Exchange exchange, Map<String, String> resources) throws IOException {
        String resource = resources.get(exchange.pathPart("file"));
        if (resource == null) {
            throw new Rejected(new Problem.Missing("Not Found"));
        }
        exchange.setHeader("Cache-Control", "max-age=3600");
        exchange.setHeader("X-Content-Type-Options", "nosniff");
        exchange.reply(200, mediaType(resource), bytes(resource));
    }

    private static String mediaType(String resource) {
        return switch (resource.substring(resource.lastIndexOf('.') + 1)) {
            case "js" -> "text/javascript; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "png" -> "image/png";
            default -> throw new IllegalArgumentException(resource);
        };
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = OpenApiPages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("not in the jar: " + resource);
            }
            return in.readAllBytes();
        }
    }

    /** The description, turned from YAML to JSON when it is first asked for. */
    private static final class Description {

        static final byte[] JSON = read();

        private static byte[] read() {
            var bytes = new ByteArrayOutputStream();
            try (JsonParser yaml = new YAMLFactory().createParser(OpenApiPages.bytes("/mata/http/openapi.yaml"));
                    JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
                yaml.nextToken();
                json.copyCurrentStructure(yaml);
            } catch (IOException e) {
                throw new UncheckedIOException("the API description in the jar cannot be read", e);
            }
            return bytes.toByteArray();
        }
    }
}
