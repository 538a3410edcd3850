package mata.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mata.graph.onnx.ModelProto;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.safetensors.SafeTensors;
import mata.safetensors.StoredTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NativeModelsTest {

    @TempDir
    Path folder;

    static List<String> families() throws IOException {
        return Fixture.families();
    }

    @ParameterizedTest
    @MethodSource("families")
    void itsConfigurationAloneTellsThatAModelCanBeRead(String family) throws IOException {
        assertThat(NativeModels.canRead(Fixture.of(family).config())).isTrue();
    }

    @Test
    void otherArchitecturesAndOtherHeadsCannotBeRead() {
        assertThat(NativeModels.canRead(Config.of(Map.of("model_type", "mamba"))))
                .isFalse();
        assertThat(NativeModels.canRead(Config.of(Map.of()))).isFalse();
        assertThat(NativeModels.canRead(
                        Config.of(Map.of("model_type", "vit", "architectures", List.of("ViTForMaskedImageModeling")))))
                .isFalse();
        assertThat(NativeModels.canRead(Config.of(Map.of(
                        "model_type", "dpt", "architectures", List.of("DPTForDepthEstimation"), "is_hybrid", true))))
                .isFalse();
    }

    @Test
    void aModelThatCannotBeReadIsRefusedWithWhatCanBe() {
        assertThatThrownBy(() -> NativeModels.graphs(
                        Config.of(Map.of("model_type", "mamba")),
                        Fixture.of("vit").weights()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("\"mamba\"")
                .hasMessageContaining("yolos");
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        SafeTensors weights =
                renamed("vit.encoder.layer.1.output.dense.weight", "vit.encoder.layer.1.output.dense.weigXt");

        assertThatThrownBy(() -> NativeModels.graphs(Fixture.of("vit").config(), weights))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageContaining("tensor vit.encoder.layer.1.output.dense.weight is missing");
    }

    @Test
    void aTensorOfAnotherShapeThanTheConfigurationSaysIsNamedWithBothShapes() throws IOException {
        Map<String, Object> config = Map.of(
                "model_type", "vit",
                "hidden_size", 32,
                "num_hidden_layers", 3,
                "num_attention_heads", 2,
                "id2label", Map.of("0", "cat", "1", "dog"));

        assertThatThrownBy(() ->
                        NativeModels.graphs(Config.of(config), Fixture.of("vit").weights()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("tensor classifier.weight has shape [7, 32] where [2, 32] is expected");
    }

    @Test
    void aKeyThatMakesNoSenseIsNamed() {
        var config = Config.of(Map.of("model_type", "vit", "image_size", "large"));

        assertThatThrownBy(() -> NativeModels.graphs(config, Fixture.of("vit").weights()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("config.json: image_size is large where a number is needed");
    }

    @Test
    void everyWeightIsExternalDataAtItsOwnByteRange() throws IOException {
        NativeGraph graph = Fixture.of("vit").graph("model");
        SafeTensors weights = Fixture.of("vit").weights();

        var model = ModelProto.parseFrom(graph.model());
        var external = model.getGraph().getInitializerList().stream()
                .filter(tensor -> tensor.getExternalDataCount() > 0)
                .toList();
        assertThat(external).hasSize(weights.names().size());
        for (var tensor : external) {
            StoredTensor stored = weights.find(tensor.getName()).orElseThrow();
            assertThat(tensor.getExternalDataList())
                    .extracting("key", "value")
                    .containsExactly(
                            tuple("location", "model.safetensors"),
                            tuple("offset", Long.toString(stored.offset())),
                            tuple("length", Long.toString(stored.length())));
        }
        assertThat(graph.model().size()).as("a graph holds no weights").isLessThan(60_000);
    }

    /** The ViT fixture with one tensor under another name of the same length. */
    private SafeTensors renamed(String from, String to) throws IOException {
        assertThat(to).hasSize(from.length());
        byte[] bytes = Files.readAllBytes(Fixture.of("vit").folder().resolve("model/model.safetensors"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace('"' + from + '"', '"' + to + '"');
        Files.write(folder.resolve("model.safetensors"), text.getBytes(StandardCharsets.ISO_8859_1));
        return SafeTensors.in(folder);
    }
}
