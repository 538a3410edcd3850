package mata.vision.ppocr;

import static mata.testing.Graphs.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mata.folder.Family;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.TensorProto;
import mata.problem.Rejected;
import mata.task.Task;
import mata.testing.Graphs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the files of a folder say: which graph does what, and how the detector is fed. */
final class PpOcrFolderTest {

    @TempDir
    private Path path;

    private void graph(String name, Object... outputShape) throws IOException {
        Graphs.write(
                path.resolve(name + ".onnx"),
                Graphs.model(GraphProto.newBuilder()
                        .addInput(port("x", TensorProto.DataType.FLOAT, "n", 3, "h", "w"))
                        .addOutput(port("y", TensorProto.DataType.FLOAT, outputShape))));
    }

    private ModelFolder folder() {
        return ModelFolder.read(path, NumberFormat.FP32);
    }

    private void threeGraphs() throws IOException {
        graph("ch_PP-OCRv4_det_infer", "n", 1, "h", "w");
        graph("ch_ppocr_mobile_v2.0_cls_infer", "n", 2);
        graph("ch_PP-OCRv4_rec_infer", "n", "t", 6625);
    }

    @Test
    void graphsAreToldByWhatTheyGiveWhereNoFileNamesThem() throws IOException {
        threeGraphs();

        PpOcrGraphs graphs = PpOcrGraphs.find(folder());

        assertThat(graphs.detector()).isEqualTo("ch_PP-OCRv4_det_infer");
        assertThat(graphs.angle()).contains("ch_ppocr_mobile_v2.0_cls_infer");
        assertThat(graphs.recognisers()).containsExactly(Map.entry(Language.CHINESE, "ch_PP-OCRv4_rec_infer"));
        assertThat(Recognition.family(folder(), Task.OCR)).isEqualTo(Family.PP_OCR);
    }

    @Test
    void recognisersBesideEachOtherAreToldByTheLanguageInTheirNames() throws IOException {
        threeGraphs();
        graph("en_PP-OCRv4_rec_infer", "n", "t", 97);
        graph("rec_japan", "n", "t", 4401);

        assertThat(PpOcrGraphs.find(folder()).recognisers())
                .containsEntry(Language.ENGLISH, "en_PP-OCRv4_rec_infer")
                .containsEntry(Language.JAPANESE, "rec_japan")
                .containsEntry(Language.CHINESE, "ch_PP-OCRv4_rec_infer");
        assertThat(Language.of("JPN")).contains(Language.JAPANESE);
        assertThat(Language.of("klingon")).isEmpty();
    }

    @Test
    void aFolderWithoutRecogniserIsRefusedWithWhatItHas() throws IOException {
        graph("det", "n", 1, "h", "w");

        assertThatThrownBy(() -> PpOcrGraphs.find(folder()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("recogniser")
                .hasMessageContaining("det");
    }

    @Test
    void theDetectorsSizeIsAModelSetting() {
        DetectorSettings usual = DetectorSettings.read(folder(), Map.of());
        DetectorSettings shrinking = DetectorSettings.read(folder(), Map.of("detector_size", "max 960"));

        assertThat(usual.inputFor(384, 191)).containsExactly(1472, 736);
        assertThat(usual.inputFor(1000, 900)).containsExactly(992, 896);
        assertThat(shrinking.inputFor(384, 191)).containsExactly(384, 192);
        assertThat(shrinking.inputFor(1920, 1080)).containsExactly(960, 544);
        assertThat(usual.inputFor(32, 2000))
                .as("no further than can be paid for")
                .containsExactly(512, 32384);
    }

    @Test
    void theDetectorsNormIsAModelSetting() throws IOException {
        Files.writeString(path.resolve("preprocessor_config.json"), """
                {"detection": {"image_mean": [0.1, 0.2, 0.3], "image_std": [1, 1, 1], "size": {"shortest_edge": 320}}}""");

        assertThat(DetectorSettings.read(folder(), Map.of()).mean()).containsExactly(0.1f, 0.2f, 0.3f);
        assertThat(DetectorSettings.read(folder(), Map.of()).side()).isEqualTo(320);
        assertThat(DetectorSettings.read(folder(), Map.of("detector_norm", "half"))
                        .std())
                .containsExactly(0.5f, 0.5f, 0.5f);
        assertThat(DetectorSettings.read(folder(), Map.of("detector_norm", "imagenet"))
                        .mean())
                .containsExactly(0.485f, 0.456f, 0.406f);
    }

    @Test
    void aSettingThatMakesNoSenseIsNamed() {
        assertThatThrownBy(() -> DetectorSettings.read(folder(), Map.of("detector_size", "large")))
                .hasMessage("detector_size: \"large\" is not like \"min 736\" or \"max 960\"");
        assertThatThrownBy(() -> DetectorSettings.read(folder(), Map.of("detector_norm", "none")))
                .hasMessage("detector_norm: \"none\" is not half or imagenet");
    }
}
