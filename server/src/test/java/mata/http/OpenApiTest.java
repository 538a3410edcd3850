package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mata.params.Parameter;
import mata.params.Shape;
import mata.task.ModelState;
import mata.task.Task;
import mata.testing.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The description says what the tables in the code say, and the pages that show it need nothing from elsewhere. */
final class OpenApiTest {

    @AutoClose
    private final TestServer server = TestServer.start();

    @Test
    void theServedDescriptionIsTheOneInTheDocuments() throws IOException {
        JsonNode written =
                new YAMLMapper().readTree(Path.of("../docs/api/openapi.yaml").toFile());

        assertThat(description()).isEqualTo(written);
    }

    @Test
    void theDescriptionHasTheVersionOfTheBuild() throws IOException {
        Matcher version = Pattern.compile("<artifactId>mataserver-parent</artifactId>\\s*<version>(.+?)</version>")
                .matcher(Files.readString(Path.of("../pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(description().at("/info/version").asText()).isEqualTo(version.group(1));
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> described = new TreeSet<>();
        description()
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
                    if (!method.equals("parameters")) {
                        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                    }
                }));

        assertThat(Routes.vision(server.parts()).listing().stream()
                        .filter(route -> route.contains("/v1/"))
                        .toList())
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @ParameterizedTest
    @EnumSource(Parameter.class)
    void everyParameterIsDescribedWithItsBounds(Parameter parameter) {
        JsonNode schema = description().at("/components/schemas/Params/properties/" + parameter.word());

        switch (parameter.shape()) {
            case Shape.Fraction _ -> assertNumber(schema, "number", 0, 1);
            case Shape.Real(double least, double _) -> {
                assertThat(schema.at("/type/0").asText()).isEqualTo("number");
                assertThat(schema.get("minimum").asDouble()).isEqualTo(least);
                assertThat(schema.has("maximum")).isFalse();
            }
            case Shape.Whole(int least, int most) -> assertNumber(schema, "integer", least, most);
            case Shape.Flag _ -> assertThat(schema.at("/type/0").asText()).isEqualTo("boolean");
            case Shape.Text _, Shape.Template _ ->
                assertThat(schema.at("/type/0").asText()).isEqualTo("string");
            case Shape.Words _ -> assertThat(schema.get("$ref").asText()).isEqualTo("#/components/schemas/Prompts");
            case Shape.OneOf(List<String> words) -> {
                Set<String> described = new HashSet<>();
                schema.get("enum").forEach(word -> described.add(word.asText("null")));
                described.remove("null");
                assertThat(described).isEqualTo(Set.copyOf(words));
            }
            case Shape.Size _ -> assertList(schema, 2, 2);
            case Shape.Rows(int columns) -> {
                assertThat(schema.at("/type/0").asText()).isEqualTo("array");
                assertList(schema.get("items"), columns, columns);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Parameter.class)
    void everyParameterNamesTheTasksThatUseIt(Parameter parameter) {
        JsonNode schemas = description().at("/components/schemas");
        JsonNode schema = schemas.at("/Params/properties/" + parameter.word());
        String description = (schema.has("$ref") ? schemas.get("Prompts") : schema)
                .get("description")
                .asText();

        assertThat(Arrays.stream(Task.values()).filter(task -> description.matches(".*\\b" + task.word() + "\\b.*")))
                .isEqualTo(
                        Arrays.stream(Task.values()).filter(parameter::usedBy).toList());
    }

    @Test
    void theParametersAndFormFieldsOfTheDescriptionAreThoseOfTheTable() {
        Set<String> params = names("/components/schemas/Params/properties");
        Set<String> form = names("/components/schemas/UploadForm/properties");
        form.removeAll(Set.of("model", "file", "task", "keep_alive"));

        assertThat(params)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Parameter.values()).map(Parameter::word).toList());
        assertThat(form)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Parameter.values())
                        .filter(Parameter::inForm)
                        .map(Parameter::word)
                        .toList());
    }

    @Test
    void tasksAndStatesAreThoseOfTheCode() {
        assertThat(texts("/components/schemas/Task/enum")).isEqualTo(Task.words());
        assertThat(texts("/components/schemas/ModelState/enum"))
                .isEqualTo(
                        Arrays.stream(ModelState.values()).map(ModelState::word).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "/docs, text/html; charset=utf-8",
        "/docs/swagger-ui.css, text/css; charset=utf-8",
        "/docs/swagger-ui-bundle.js, text/javascript; charset=utf-8",
        "/docs/start.js, text/javascript; charset=utf-8",
        "/docs/favicon-32x32.png, image/png",
        "/redoc, text/html; charset=utf-8",
        "/redoc/redoc.standalone.js, text/javascript; charset=utf-8",
        "/redoc/start.js, text/javascript; charset=utf-8",
        "/openapi.json, application/json",
    })
    void everyFileOfThePagesIsServed(String path, String type) {
        var reply = server.get(path);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo(type);
        assertThat(reply.response().body()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/redoc"})
    void aPageLoadsOnlyWhatThisServerServes(String page) {
        var reply = server.get(page);
        List<String> linked = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(reply.text())
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(linked).hasSizeGreaterThanOrEqualTo(2);
        assertThat(linked)
                .allSatisfy(link -> assertThat(server.get("/" + link).status()).isEqualTo(200));
        assertThat(reply.header("Content-Security-Policy"))
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'")
                .doesNotContain("http:", "https:", "*", "unsafe-eval");
    }

    /** A file that came without its package manager: a slip of an editor would only show in a browser. */
    @Test
    void theVendoredRedocIsTheOneThatWasPublished() throws Exception {
        byte[] served = server.get("/redoc/redoc.standalone.js").response().body();

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(served)))
                .isEqualTo("0ec05be285ac885a330289b02f470e1bdbd2b6b3223a9fa213f24bf805a851d1");
    }

    private JsonNode description() {
        return server.get("/openapi.json").json();
    }

    private Set<String> names(String pointer) {
        Set<String> names = new TreeSet<>();
        description().at(pointer).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private List<String> texts(String pointer) {
        var texts = new ArrayList<String>();
        description().at(pointer).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void assertNumber(JsonNode schema, String type, int least, int most) {
        assertThat(schema.at("/type/0").asText()).isEqualTo(type);
        assertThat(schema.get("minimum").asInt()).isEqualTo(least);
        assertThat(schema.get("maximum").asInt()).isEqualTo(most);
    }

    private static void assertList(JsonNode schema, int least, int most) {
        assertThat(schema.get("minItems").asInt()).isEqualTo(least);
        assertThat(schema.get("maxItems").asInt()).isEqualTo(most);
    }
}
