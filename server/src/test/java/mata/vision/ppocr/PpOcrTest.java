package mata.vision.ppocr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mata.engine.EngineOptions;
import mata.engine.ort.OrtEngine;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.image.Frame;
import mata.image.Pixels;
import mata.image.Warp;
import mata.params.Params;
import mata.params.ParamsReader;
import mata.result.Box;
import mata.result.Result;
import mata.result.TextRegion;
import mata.testing.RealModels;
import mata.vision.Outcome;
import mata.vision.Pipeline;
import mata.vision.Pipelines;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published v4 models on a photographed page, against rapidocr-onnxruntime 1.4.4 (tools/reference/ppocr.py). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PpOcrTest {

    private final OrtEngine engine = new OrtEngine();
    private Pipeline ocr;

    @BeforeAll
    void open() {
        ocr = open(Map.of());
    }

    private Pipeline open(Map<String, String> settings) {
        ModelFolder folder = RealModels.model("rapidai/ppocr-v4-mobile");
        return Pipelines.open(folder, Family.PP_OCR, engine, EngineOptions.cpu(0), settings);
    }

    @AfterAll
    void close() {
        if (ocr != null) {
            ocr.close();
        }
        engine.close();
    }

    private Result.Text read(Frame frame) {
        return (Result.Text) ((Outcome.Done) ocr.infer(frame, Params.NONE)).result();
    }

    static Stream<JsonNode> cases() throws IOException {
        JsonNode reference = new ObjectMapper()
                .readTree(Path.of("src/test/resources/ppocr/rapidocr.json").toFile());
        return reference.path("cases").valueStream();
    }

    private static Frame picture(String name) {
        Frame page = RealModels.photo("page.png");
        return switch (name) {
            case "as it is" -> page;
            case "upside down" -> Warp.halfTurn(page);
            case "a quarter to the right" -> Warp.counterClockwise(Warp.halfTurn(page));
            case "a flat strip" -> Pixels.crop(page, 0, 10, 300, 26);
            case "repeated beyond 2000" -> besideItself(page, 6);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Frame besideItself(Frame page, int times) {
        int row = 3 * page.width();
        var rgb = new byte[times * page.rgb().length];
        for (int y = 0; y < page.height(); y++) {
            for (int i = 0; i < times; i++) {
                System.arraycopy(page.rgb(), y * row, rgb, (y * times + i) * row, row);
            }
        }
        return new Frame(times * page.width(), page.height(), rgb);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsWhatTheReferenceReadsWhereItReadsIt(JsonNode given) {
        Frame picture = picture(given.path("picture").asText());

        Result.Text found = read(picture);

        List<JsonNode> lines = given.path("lines").valueStream().toList();
        assertThat(found.regions().stream().map(TextRegion::text).toList())
                .isEqualTo(
                        lines.stream().map(line -> line.path("text").asText()).toList());
        for (int i = 0; i < lines.size(); i++) {
            TextRegion region = found.regions().get(i);
            for (int corner = 0; corner < 8; corner++) {
                assertThat((double) region.polygon().get(corner))
                        .as("%s, corner %d", region, corner)
                        .isCloseTo(lines.get(i).path("corners").path(corner).asDouble(), within(0.01));
            }
            assertThat((double) region.confidence())
                    .as("%s", region)
                    .isCloseTo(lines.get(i).path("score").asDouble(), within(1e-3));
            assertThat(region.box()).isEqualTo(around(region.polygon()));
        }
    }

    private static Box around(List<Float> polygon) {
        List<Float> x = new ArrayList<>();
        List<Float> y = new ArrayList<>();
        for (int i = 0; i < polygon.size(); i += 2) {
            x.add(polygon.get(i));
            y.add(polygon.get(i + 1));
        }
        return new Box(
                x.stream().min(Float::compare).orElseThrow(),
                y.stream().min(Float::compare).orElseThrow(),
                x.stream().max(Float::compare).orElseThrow(),
                y.stream().max(Float::compare).orElseThrow());
    }

    @Test
    void theWholeTextIsTheRegionsLineByLine() {
        Result.Text found = read(RealModels.photo("page.png"));

        assertThat(found.text()).isEqualTo("""
                        Region-basedsegmentation
                        Let us first determine markers of the coins and the
                        background.These markers are pixels that we can label
                        unambiguously as either object or background.Here,
                        histogram ofgreyvalues:""");
    }

    @Test
    void aPictureWithoutTextHasNoRegions() {
        Result.Text found = read(new Frame(320, 240, new byte[3 * 320 * 240]));

        assertThat(found.text()).isEmpty();
        assertThat(found.regions()).isEmpty();
    }

    @Test
    void aLanguageThatChangesNothingIsLeftUnusedAndToldSo() {
        Params params = ParamsReader.read(Map.of("language", "jpn"));

        Outcome outcome = ocr.infer(new Frame(64, 64, new byte[3 * 64 * 64]), params);

        assertThat(((Outcome.Done) outcome).warnings()).containsExactly("language: not used by this model");
    }

    @Test
    void settingsOfTheModelWinOverItsFiles() {
        try (Pipeline shrinking = open(Map.of("detector_size", "max 192", "detector_norm", "imagenet"))) {
            Outcome outcome = shrinking.infer(RealModels.photo("page.png"), Params.NONE);

            assertThat(((Result.Text) ((Outcome.Done) outcome).result()).regions())
                    .hasSizeLessThan(5);
        }
    }
}
