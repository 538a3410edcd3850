package mata.vision.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The worked values of spec 18; heights before widths. */
final class SizeRuleTest {

    private static Size size(String text) {
        String[] sides = text.split("x");
        return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }

    @ParameterizedTest
    @CsvSource({
        "480x640, 800x1066",
        "640x480, 1066x800",
        "427x640, 800x1199",
        "1080x1920, 750x1333",
        "100x1000, 133x1333",
        "1333x800, 1333x800"
    })
    void short800AndLong1333(String picture, String resized) {
        assertThat(SizeRule.shortestEdge(800, 1333).of(size(picture))).isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"480x640, 512x682", "1080x1920, 512x910"})
    void short512AndLong1333(String picture, String resized) {
        assertThat(SizeRule.shortestEdge(512, 1333).of(size(picture))).isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"480x640, 224x298", "427x640, 224x335", "1080x1920, 224x398"})
    void short224(String picture, String resized) {
        assertThat(SizeRule.shortestEdge(224).of(size(picture))).isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"480x640, 256x341", "427x640, 256x383"})
    void short256(String picture, String resized) {
        assertThat(SizeRule.shortestEdge(256).of(size(picture))).isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"480x640, 768x1024", "427x640, 683x1024", "1080x1920, 576x1024"})
    void samsLong1024(String picture, String resized) {
        assertThat(SizeRule.longestEdge(1024).of(size(picture))).isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"480x640, 518x686", "1080x1920, 518x924", "427x640, 350x518"})
    void depthAnythings518InMultiplesOf14(String picture, String resized) {
        assertThat(SizeRule.nearerScale(518, 518, 14).of(size(picture))).isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"427x640, 416x640", "1080x1920, 1056x1920"})
    void glpnFloorsTo32(String picture, String resized) {
        assertThat(SizeRule.floorTo(32).of(size(picture))).isEqualTo(size(resized));
    }

    /** By the formulas of spec 3.3; no worked values are given there. */
    @ParameterizedTest
    @CsvSource({"480x640, 800x1056", "1080x1920, 736x1328"})
    void yolosCutsSidesDownToMultiplesOf16(String picture, String resized) {
        assertThat(SizeRule.shortestEdge(800, 1333).downTo(16).of(size(picture)))
                .isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"480x640, 800x1088", "1080x1920, 768x1344"})
    void maskFormerStretchesSidesUpToMultiplesOf32(String picture, String resized) {
        assertThat(SizeRule.shortestEdgeTruncated(800, 1333).upTo(32).of(size(picture)))
                .isEqualTo(size(resized));
    }

    @ParameterizedTest
    @CsvSource({"100x300, 133x400", "400x300, 266x199", "300x1200, 100x400"})
    void aFrameOfMaximaKeepsProportions(String picture, String resized) {
        assertThat(SizeRule.within(266, 400).of(size(picture))).isEqualTo(size(resized));
    }
}
