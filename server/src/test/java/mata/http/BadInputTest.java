package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import mata.testing.TestServer;
import mata.testing.TestServer.Reply;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get wrong, and what they are told. Nothing of this may reach the queue. */
final class BadInputTest {

    @AutoClose
    private final TestServer server = TestServer.start();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"test/detect\"} | Missing image field",
                "{\"model\":\"test/detect\",\"image\":null} | Missing image field",
                "{\"model\":\"test/detect\",\"image\":\"\"} | The image field is empty",
                "{\"model\":\"test/detect\",\"image\":\"not*base64\"} "
                        + "| Invalid base64 in image: '*' at character 3",
                "{\"model\":\"test/detect\",\"image\":\"AAA=AAAA\"} "
                        + "| Invalid base64 in image: it ends in the middle of a group, or has '=' before its end",
                "{\"model\":\"test/detect\",\"image\":\"A\"} "
                        + "| Invalid base64 in image: it ends in the middle of a group, or has '=' before its end",
                "{\"model\":\"test/detect\",\"image\":\"caf\u00e9\"} "
                        + "| Invalid base64 in image: byte 0xc3 at character 3",
                "{\"model\":\"test/detect\",\"image\":\"\\u0041AAA\"} | Invalid base64 in image: '\\' at character 1",
                "{\"model\":\"test/detect\",\"image\":\"data:image/png,AAAA\"} "
                        + "| Invalid base64 in image: a data URL must read data:<type>;base64,<data>",
                "{\"model\":\"test/detect\",\"image\":\"aGVsbG8=\"} | image: not a picture: the first bytes are "
                        + "68 65 6C 6C (text); send JPEG, PNG, WebP, BMP, GIF or TIFF",
                "{\"model\":\"test/detect\",\"image\":\"JVBERi0xLjc=\"} | image: not a picture: the first bytes are "
                        + "25 50 44 46 (PDF); send JPEG, PNG, WebP, BMP, GIF or TIFF",
            })
    void aPictureThatCannotBeUsedIs400AndSaysWhy(String body, String detail) {
        assertRefused(server.post("/v1/infer", body), 400, detail);
    }

    @Test
    void aPictureCutOffBeforeItsSizeIs400() {
        byte[] cut = Arrays.copyOf(TestPictures.jpeg(), 8);

        var reply = server.post("/v1/infer", withImage(TestPictures.base64(cut)));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.detail())
                .isEqualTo("image: the picture is cut off: it ends after 8 bytes, in the middle of its header");
    }

    @Test
    void aHeaderThatSaysTooManyPixelsIs400BeforeAnythingIsDecoded() {
        byte[] header = TestPictures.pngHeader(60_000, 60_000);

        assertRefused(
                server.post("/v1/infer", withImage(TestPictures.base64(header))),
                400,
                "image has 60000 x 60000 pixels; at most 64000000 pixels are taken");
        assertRefused(
                server.post("/v1/infer?model=test/detect", "image/png", header),
                400,
                "The body has 60000 x 60000 pixels; at most 64000000 pixels are taken");
    }

    @Test
    void onePixelIsAPictureLikeAnyOther() {
        var reply = server.post("/v1/infer", withImage(TestPictures.base64(TestPictures.pngHeader(1, 1))));

        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void ofSeveralPicturesTheBadOnesAreNamed() {
        String body = "{\"model\":\"test/detect\",\"images\":[\"%s\",\"*\",null,\"aGVsbG8=\",7]}"
                .formatted(TestPictures.base64());

        var detail = server.post("/v1/infer", body).json().get("detail");

        assertThat(texts(detail, "/loc"))
                .containsExactly(
                        "[\"body\",\"images\",4]",
                        "[\"body\",\"images\",1]",
                        "[\"body\",\"images\",2]",
                        "[\"body\",\"images\",3]");
        assertThat(server.scheduler().jobs()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"test/detect\",\"images\":[]} | [\"body\",\"images\"] | value_error",
                "{\"model\":\"test/detect\",\"images\":\"AAAA\"} | [\"body\",\"images\"] | list_type",
                "{\"model\":\"test/detect\",\"images\":[\"AAAA\"],\"image\":\"AAAA\"} "
                        + "| [\"body\",\"images\"] | value_error",
                "{\"model\":\"test/detect\",\"image\":7} | [\"body\",\"image\"] | string_type",
                "{\"model\":\"test/detect\",\"image\":{}} | [\"body\",\"image\"] | string_type",
                "{\"model\":\"test/detect\",\"image\":true} | [\"body\",\"image\"] | string_type",
                "{\"model\":\"test/detect\",\"params\":[]} | [\"body\",\"params\"] | dict_type",
                "{\"model\":\"test/detect\",\"params\":\"confidence\"} | [\"body\",\"params\"] | dict_type",
                "{\"model\":\"test/detect\",\"keep_alive\":-2} | [\"body\",\"keep_alive\"] | greater_than_equal",
                "{\"model\":\"test/detect\",\"keep_alive\":1.5} | [\"body\",\"keep_alive\"] | int_type",
                "{\"model\":\"test/detect\",\"keep_alive\":\"5\"} | [\"body\",\"keep_alive\"] | int_type",
                "{\"model\":\"test/detect\",\"keep_alive\":99999999999} | [\"body\",\"keep_alive\"] | int_type",
                "{\"model\":\"test/detect\",\"task\":\"detekt\"} | [\"body\",\"task\"] | enum",
                "{\"model\":[\"test/detect\"]} | [\"body\",\"model\"] | string_type",
                "{\"model\":\" \"} | [\"body\",\"model\"] | string_too_short",
                "{\"model\":null} | [\"body\",\"model\"] | missing",
                "{} | [\"body\",\"model\"] | missing",
                "{\"modle\":\"test/detect\"} | [\"body\",\"model\"] | missing",
                "{\"model\":NaN} | [\"body\",\"model\"] | string_type",
                "{\"model\":\"test/detect\",\"params\":{\"confidence\":NaN}} "
                        + "| [\"body\",\"params\",\"confidence\"] | finite_number",
                "{\"model\":\"test/detect\",\"params\":{\"temperature\":1e999}} "
                        + "| [\"body\",\"params\",\"temperature\"] | finite_number",
                "[] | [\"body\"] | model_attributes_type",
                "7 | [\"body\"] | model_attributes_type",
                "null | [\"body\"] | model_attributes_type",
            })
    void aFieldOfAWrongShapeIs422AndLocated(String body, String loc, String type) {
        var reply = server.post("/v1/infer", body);

        assertThat(reply.status()).as(reply.text()).isEqualTo(422);
        assertThat(reply.json().at("/detail/0/loc").toString()).isEqualTo(loc);
        assertThat(reply.json().at("/detail/0/type").asText()).isEqualTo(type);
        assertThat(server.scheduler().jobs()).isEmpty();
    }

    @Test
    void aMissingImageIsOneFaultOfTheListWhenThereAreOthers() {
        var detail = server.post(
                        "/v1/infer",
                        "{\"parms\":{},\"params\":{\"confidence\":1.4,\"lang\":\"jpn\",\"promts\":\"cat\"},\"keep_alive\":-5}")
                .json()
                .get("detail");

        assertThat(texts(detail, "/loc"))
                .containsExactly(
                        "[\"body\",\"model\"]",
                        "[\"body\",\"params\",\"confidence\"]",
                        "[\"body\",\"params\",\"lang\"]",
                        "[\"body\",\"params\",\"promts\"]",
                        "[\"body\",\"keep_alive\"]",
                        "[\"body\",\"parms\"]",
                        "[\"body\",\"image\"]");
        assertThat(texts(detail, "/msg"))
                .contains(
                        "\"'lang' is not a parameter here: use 'language'\"",
                        "\"Unknown parameter: did you mean 'prompts'?\"",
                        "\"Unknown field: did you mean 'params'?\"");
    }

    @ParameterizedTest
    @CsvSource({
        "threshold, confidence",
        "text_prompts, prompts",
        "max_new_tokens, max_tokens",
        "lang, language",
        "detection_threshold, detection_confidence",
        "segmentation_threshold, segmentation_confidence"
    })
    void anOldNativeNameIsRefusedAndItsNewOneNamed(String old, String now) {
        var reply = server.post(
                "/v1/infer",
                "{\"model\":\"test/detect\",\"image\":\"%s\",\"params\":{\"%s\":0.5}}"
                        .formatted(TestPictures.base64(), old));

        assertThat(reply.toString())
                .isEqualTo("422 {\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"params\",\"" + old
                        + "\"],\"msg\":\"'" + old + "' is not a parameter here: use '" + now + "'\",\"input\":0.5}]}");
    }

    /** The offsets are those that Python's json module gives (for a name given twice: of the second one's colon). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\": | 9",
                "{\"model\":\"x\"} trailing | 14",
                "{'model':'x'} | 1",
                "{\"model\":\"x\",} | 13",
                "{\"model\":\"x\" \"image\":1} | 13",
                "{\"model\":\"a\",\"model\":\"b\"} | 20",
                "nonsense | 0",
            })
    void malformedJsonIs422AndSaysWhere(String body, int offset) {
        var fault = server.post("/v1/infer", body).json().at("/detail/0");

        assertThat(fault.get("type").asText()).isEqualTo("json_invalid");
        assertThat(fault.at("/loc/1").asInt()).as(fault.toString()).isEqualTo(offset);
        assertThat(fault.get("msg").asText())
                .startsWith("JSON decode error at ")
                .doesNotContain("com.fasterxml");
    }

    @Test
    void anEmptyBodyIs422() {
        assertThat(server.post("/v1/infer", "").toString())
                .isEqualTo("422 {\"detail\":[{\"type\":\"missing\",\"loc\":[\"body\"],"
                        + "\"msg\":\"Field required: the request has no body\",\"input\":null}]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""})
    void whatIsNotJsonIs415(String type) {
        var reply = server.post("/v1/infer", type.isEmpty() ? " " : type, "{}".getBytes(StandardCharsets.US_ASCII));

        assertThat(reply.status()).isEqualTo(415);
        assertThat(reply.detail()).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "Application/JSON", "application/vnd.mata+json"})
    void jsonMayBeNamedInSeveralWays(String type) {
        var reply =
                server.post("/v1/infer", type, withImage(TestPictures.base64()).getBytes(StandardCharsets.UTF_8));

        assertThat(reply.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8-BOM", "UTF-16LE", "UTF-16BE", "UTF-32BE"})
    void jsonInAnotherUnicodeFormIsReadAllTheSame(String charset) {
        String json = withImage(TestPictures.base64());
        byte[] body = charset.endsWith("BOM")
                ? ("\uFEFF" + json).getBytes(StandardCharsets.UTF_8)
                : json.getBytes(java.nio.charset.Charset.forName(charset));

        assertThat(server.post("/v1/infer", "application/json", body).status()).isEqualTo(200);
        assertThat(server.scheduler().lastJob().picture()).isEqualTo(TestPictures.jpeg());
    }

    static List<Arguments> bombs() {
        String open = "{\"model\":\"test/detect\",\"image\":\"AAAA\",\"params\":";
        return List.of(
                Arguments.of("depth", open + "[".repeat(100_000)),
                Arguments.of("many values", open + "{\"point_prompts\":[" + "[1,2,3],".repeat(100_000) + "[1,2,3]]}}"),
                Arguments.of("many names", open + "{" + names(5000) + "}}"),
                Arguments.of("many fields", "{" + names(5000) + "}"),
                Arguments.of("long name", open + "{\"" + "x".repeat(100_000) + "\":1}}"),
                Arguments.of("long number", open + "{\"confidence\":0." + "1".repeat(100_000) + "}}"),
                Arguments.of("long text", open + "{\"confidence\":\"" + "1".repeat(1_000_000) + "\"}}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void aBodyMadeToUnfoldIsRefusedWithAShortAnswer(String name, String body) {
        var reply = server.post("/v1/infer", body);

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.text().length()).isLessThan(5000);
    }

    @ParameterizedTest
    @CsvSource({
        "point_prompts, '[[1,2,1]]'",
        "box_prompts, '[[1,2,3,4]]'",
        "target_size, '[480,640]'",
        "normalize, true",
        "use_softmax, true",
        "system_prompt, be brief",
        "top_p, 0.5",
        "detection_confidence, 0.5",
        "segmentation_confidence, 0.5",
    })
    void aFormCannotCarryWhatOnlyJsonCan(String name, String value) {
        var form = new FormBody()
                .text("model", "test/detect")
                .text(name, value)
                .file("file", "a.jpg", TestPictures.jpeg());

        var reply = server.post("/v1/infer/upload", form.contentType(), form.bytes());

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().at("/detail/0/loc").toString()).isEqualTo("[\"body\",\"" + name + "\"]");
        assertThat(reply.json().at("/detail/0/msg").asText()).isEqualTo("Can only be sent in a JSON body, in params");
    }

    @Test
    void everyFaultOfAFormIsListed() {
        var form = new FormBody()
                .text("confidence", "much")
                .text("top_k", "1.5")
                .text("detail", "2")
                .text("keep_alive", "soon")
                .text("temprature", "0.5")
                .text("threshold", "0.5");

        var detail = server.post("/v1/infer/upload", form.contentType(), form.bytes())
                .json()
                .get("detail");

        assertThat(texts(detail, "/loc"))
                .containsExactly(
                        "[\"body\",\"file\"]",
                        "[\"body\",\"model\"]",
                        "[\"body\",\"keep_alive\"]",
                        "[\"body\",\"confidence\"]",
                        "[\"body\",\"top_k\"]",
                        "[\"body\",\"detail\"]",
                        "[\"body\",\"temprature\"]",
                        "[\"body\",\"threshold\"]");
    }

    @Test
    void anEmptyUploadIs400() {
        var form = new FormBody().text("model", "test/detect").file("file", "a.jpg", new byte[0]);

        assertRefused(server.post("/v1/infer/upload", form.contentType(), form.bytes()), 400, "Uploaded file is empty");
    }

    @Test
    void anUploadThatIsNoPictureIs400() {
        var form = new FormBody()
                .text("model", "test/detect")
                .file("file", "a.txt", "hello".getBytes(StandardCharsets.US_ASCII));

        assertRefused(
                server.post("/v1/infer/upload", form.contentType(), form.bytes()),
                400,
                "file: not a picture: the first bytes are 68 65 6C 6C (text); send JPEG, PNG, WebP, BMP, GIF or TIFF");
    }

    @Test
    void aFieldGivenTwiceIs400() {
        var form = new FormBody().text("model", "a").text("model", "b").file("file", "a.jpg", TestPictures.jpeg());

        assertRefused(
                server.post("/v1/infer/upload", form.contentType(), form.bytes()), 400, "The form gives 'model' twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "multipart/form-data; boundary=other"})
    void aFormThatCannotBeReadIs400(String type) {
        var form = new FormBody().text("model", "test/detect").file("file", "a.jpg", TestPictures.jpeg());

        var reply = server.post("/v1/infer/upload", type, form.bytes());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.detail()).startsWith("The form cannot be read: ");
    }

    @Test
    void aFormCutOffInTheMiddleIs400() {
        var form = new FormBody().text("model", "test/detect").file("file", "a.jpg", TestPictures.jpeg());

        var reply = server.post("/v1/infer/upload", form.contentType(), Arrays.copyOf(form.bytes(), 1000));

        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void anUploadOfAnotherTypeIs415() {
        assertThat(server.post("/v1/infer/upload", "{}").toString())
                .isEqualTo("415 {\"detail\":\"Content-Type should be multipart/form-data\"}");
    }

    @ParameterizedTest
    @CsvSource({
        "'', model, missing",
        "model=test/detect&point_prompts=1, point_prompts, json_only",
        "model=test/detect&confidence=2, confidence, less_than_equal",
        "model=test/detect&normalize=maybe, normalize, bool_type",
        "model=test/detect&modell=x, modell, extra_forbidden",
    })
    void theQueryBesideAPictureIsCheckedLikeABody(String query, String name, String type) {
        var reply = server.post("/v1/infer?" + query, "image/jpeg", TestPictures.jpeg());

        assertThat(reply.status()).isEqualTo(422);
        assertThat(reply.json().at("/detail/0/loc").toString()).isEqualTo("[\"query\",\"" + name + "\"]");
        assertThat(reply.json().at("/detail/0/type").asText()).isEqualTo(type);
    }

    @Test
    void anEmptyPictureAsTheBodyIs400() {
        assertRefused(
                server.post("/v1/infer?model=test/detect", "image/jpeg", new byte[0]),
                400,
                "The body is empty: it should be a picture");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no/such", "a/b/c", "../etc/passwd", "x y", "a--b/c"})
    void aModelThatIsNotInstalledIs404(String model) {
        assertRefused(
                server.post("/v1/infer", "{\"model\":\"%s\",\"image\":\"%s\"}".formatted(model, TestPictures.base64())),
                404,
                "Model not found: " + model);
    }

    @Test
    void aMapLargerThanAnyPictureIs422() {
        var reply = server.post(
                "/v1/infer",
                "{\"model\":\"test/depth\",\"image\":\"%s\",\"params\":{\"target_size\":[8001,8000]}}"
                        .formatted(TestPictures.base64()));

        assertThat(reply.toString())
                .isEqualTo("422 {\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"params\",\"target_size\"],"
                        + "\"msg\":\"Input should not have more than 64000000 pixels\",\"input\":[8001,8000]}]}");
    }

    private void assertRefused(Reply reply, int status, String detail) {
        assertThat(reply.detail()).isEqualTo(detail);
        assertThat(reply.status()).isEqualTo(status);
        assertThat(server.scheduler().jobs()).isEmpty();
    }

    private static String withImage(String base64) {
        return "{\"model\":\"test/detect\",\"image\":\"" + base64 + "\"}";
    }

    private static String names(int count) {
        var names = new StringBuilder("\"n0\":0");
        for (int i = 1; i < count; i++) {
            names.append(",\"n").append(i).append("\":0");
        }
        return names.toString();
    }

    private static List<String> texts(com.fasterxml.jackson.databind.JsonNode list, String path) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.at(path).toString()));
        return texts;
    }
}
