package mata.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mata.graph.onnx.TensorProto.DataType;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.testing.Graphs;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelFolderTest {

    @TempDir
    Path folder;

    private Path onnx;

    @BeforeEach
    void makeOnnxFolder() throws IOException {
        onnx = Files.createDirectories(folder.resolve("onnx"));
    }

    private ModelFolder read(NumberFormat format) {
        return ModelFolder.read(folder, format);
    }

    private static Path graph(Path file) throws IOException {
        return Graphs.write(file, Graphs.identity(DataType.FLOAT, 1));
    }

    @Test
    void theFormatChoosesTheGraphByItsSuffix() throws IOException {
        Path full = graph(onnx.resolve("model.onnx"));
        Path half = graph(onnx.resolve("model_fp16.onnx"));
        Path eight = graph(onnx.resolve("model_quantized.onnx"));

        assertThat(read(NumberFormat.FP32).graph("model")).isEqualTo(full);
        assertThat(read(NumberFormat.FP16).graph("model")).isEqualTo(half);
        assertThat(read(NumberFormat.Q8).graph("model")).isEqualTo(eight);
        assertThatThrownBy(() -> read(NumberFormat.Q4).graph("model"))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(
                                        new Problem.BadInput(
                                                "no ONNX graph model_q4.onnx (q4) in the model's folder; there are:"
                                                        + " onnx/model.onnx, onnx/model_fp16.onnx, onnx/model_quantized.onnx")));
    }

    @Test
    void graphsMayLieInTheFolderItselfUnderAnyNameIfThereIsOnlyOne() throws IOException {
        Path export = graph(folder.resolve("yolo11n.onnx"));

        assertThat(read(NumberFormat.FP32).graph("model")).isEqualTo(export);

        graph(folder.resolve("other.onnx"));
        assertThat(read(NumberFormat.FP32).hasGraph("model")).isFalse();
        assertThat(read(NumberFormat.FP32).hasGraph("other")).isTrue();
    }

    @Test
    void weightsOutsideTheFolderAreRefused() throws IOException {
        for (String place : List.of("../../secret.bin", "/etc/passwd", "../model.onnx_data")) {
            Graphs.write(onnx.resolve("model.onnx"), Graphs.sumWithExternalWeights(place));

            assertThatThrownBy(() -> read(NumberFormat.FP32).graph("model"))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.problem())
                                    .isEqualTo(new Problem.BadInput(
                                            "model.onnx wants weights from outside its folder, which is refused: "
                                                    + place)));
        }
    }

    @Test
    void weightsBesideTheGraphMustBeThere() throws IOException {
        Path graph = Graphs.write(onnx.resolve("model.onnx"), Graphs.sumWithExternalWeights("model.onnx_data"));

        assertThatThrownBy(() -> read(NumberFormat.FP32).graph("model"))
                .hasMessage("model.onnx needs the file model.onnx_data beside it, which is missing");

        Files.write(onnx.resolve("model.onnx_data"), new byte[12]);
        assertThat(read(NumberFormat.FP32).graph("model")).isEqualTo(graph);
    }

    @Test
    void graphsThatThisProgramWroteMayLieElsewhere() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("cache/abc"));
        Path graph =
                Graphs.write(elsewhere.resolve("model.onnx"), Graphs.sumWithExternalWeights("../../model.safetensors"));

        assertThat(read(NumberFormat.FP32).withGraphsIn(elsewhere).graph("model"))
                .isEqualTo(graph);
    }

    @Test
    void theImageProcessorOfAProcessorFileWins() throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), "{\"size\": 1, \"resample\": null}");
        assertThat(read(NumberFormat.FP32).preprocessor().whole("size")).hasValue(1);
        assertThat(read(NumberFormat.FP32).preprocessor().has("resample")).isFalse();

        Files.writeString(folder.resolve("processor_config.json"), "{\"image_processor\": {\"size\": 2}}");
        assertThat(read(NumberFormat.FP32).preprocessor().whole("size")).hasValue(2);
    }

    @Test
    void labelsComeFromTheFirstFileThatHasThem() throws IOException {
        Map<String, String> yolo = Map.of("names", "{0: 'bus'}");
        assertThat(read(NumberFormat.FP32).labels(yolo).of(0)).isEqualTo("bus");

        Files.writeString(
                folder.resolve("config.json"),
                "{\"architecture\": \"resnet18\", \"label_names\": [\"daisy\"], \"pretrained_cfg\": {\"crop_pct\": 0.9}}");
        assertThat(read(NumberFormat.FP32).labels(yolo).of(0)).isEqualTo("daisy");
        assertThat(read(NumberFormat.FP32).isTimm()).isTrue();

        Files.writeString(folder.resolve("config.json"), "{\"id2label\": {\"0\": \"cat\"}}");
        assertThat(read(NumberFormat.FP32).labels(yolo).of(0)).isEqualTo("cat");
    }

    @Test
    void aFileThatMakesNoSenseIsNamed() throws IOException {
        Files.writeString(folder.resolve("config.json"), "[1, 2]");
        assertThatThrownBy(() -> read(NumberFormat.FP32)).hasMessageStartingWith("config.json is not a JSON object");

        Files.writeString(folder.resolve("config.json"), "{\"model_type\": 3}");
        assertThatThrownBy(() -> read(NumberFormat.FP32).modelType())
                .hasMessage("config.json: model_type is 3 where a text is needed");
        assertThatThrownBy(() -> ModelFolder.read(folder.resolve("nowhere"), NumberFormat.FP32))
                .hasMessageStartingWith("no such folder");
    }
}
