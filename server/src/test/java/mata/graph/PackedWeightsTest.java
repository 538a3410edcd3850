package mata.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import mata.graph.build.Packing;
import mata.safetensors.SafeTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PackedWeightsTest {

    @TempDir
    Path cache;

    @Test
    void aBlocksLargestNumberBecomesTheLowestValueAndZeroTheMiddle() {
        var packing = new Packing(4, 3);

        // by hand: -7 is the largest, so the scale is 7 / 8; -7 becomes 0, 0 becomes 8, 3.5 becomes 12; the rest is
        // filled up
        float[] row = {-7, 0, 3.5f};
        assertThat(packing.scales(row).getFloat(0)).isEqualTo(0.875f);
        byte[] numbers = packing.numbers(row).array();
        assertThat(numbers).hasSize(16);
        assertThat(numbers[0]).isEqualTo((byte) 0x80);
        assertThat(numbers[1]).isEqualTo((byte) 0x8c);
        assertThat(numbers[2]).isEqualTo((byte) 0x88);
    }

    /**
     * @param share of the largest output that packing may move an output by: layers of 24 random numbers cannot do better, since
     *     what they are multiplied with has eight bits, too; against PyTorch's outputs in float32
     */
    @ParameterizedTest
    @CsvSource({"vit, Q8, 0.05", "vit, Q4, 0.3", "clip, Q8, 0.05", "segformer, Q8, 0.05"})
    void aPackedModelAnswersAlmostAsTheReference(String family, Precision precision, double share)
            throws IOException, OrtException {
        var fixture = Fixture.of(family);
        JsonNode wanted = fixture.oneCase("synthetic");
        NativeGraph packed = NativeModels.graphs(fixture.config(), fixture.weights(), precision, cache)
                .getFirst();

        try (OrtGraph graph = new OrtGraph(packed)) {
            Map<String, OnnxTensor> fed = new HashMap<>();
            for (String input : graph.inputs()) {
                fed.put(input, fixture.input(wanted, input).tensor());
            }
            String name = family.equals("clip") ? "logits_per_image" : "logits";

            assertThat(distance(graph.run(fed).get(name), fixture.output(wanted, name)))
                    .isBetween(1e-6, share);
        }
    }

    /** With the output matrix apart from the embeddings, and biases; half precision in the file. */
    @ParameterizedTest
    @ValueSource(strings = {"smolvlm", "llava_wide"})
    void aPackedWriterGivesAlmostTheReferencesLogits(String family) throws IOException, OrtException {
        var fixture = Fixture.of(family);
        JsonNode wanted = fixture.oneCase("text_only");
        Numbers ids = fixture.input(wanted, "input_ids");
        List<NativeGraph> graphs = NativeModels.graphs(fixture.config(), fixture.weights(), Precision.Q8, cache);

        try (OrtGraph embed = new OrtGraph(graphs.get(1));
                OrtGraph decoder = new OrtGraph(graphs.get(2))) {
            Map<String, OnnxTensor> fed = new HashMap<>(decoder.emptyCache());
            fed.put(
                    "inputs_embeds",
                    embed.run(Map.of("input_ids", ids.tensor())).get("inputs_embeds"));
            fed.put("attention_mask", Numbers.ones(ids.shape()).tensor());
            fed.put(
                    "num_logits_to_keep",
                    Numbers.of(new long[] {ids.shape()[1]}).tensor());

            assertThat(distance(decoder.run(fed).get("logits"), fixture.output(wanted, "logits")))
                    .isBetween(1e-6, 0.05);
        }
    }

    /** The largest difference as a share of the largest output. */
    private static double distance(OnnxTensor output, Npy reference) throws OrtException {
        float[] got = new float[reference.values().length];
        output.getFloatBuffer().get(got);
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < got.length; i++) {
            largest = Math.max(largest, Math.abs(reference.values()[i]));
            worst = Math.max(worst, Math.abs(got[i] - reference.values()[i]));
        }
        return worst / largest;
    }

    @Test
    void aCheckpointIsPackedOnceAndOnlyItsLinearWeightsAre() throws IOException {
        var fixture = Fixture.of("llava_wide");

        List<NativeGraph> first = NativeModels.graphs(fixture.config(), fixture.weights(), Precision.Q4, cache);
        Path file = onlyFile();
        var written = Files.getLastModifiedTime(file);
        List<NativeGraph> second = NativeModels.graphs(fixture.config(), fixture.weights(), Precision.Q4, cache);

        assertThat(onlyFile()).isEqualTo(file);
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(written);
        assertThat(second)
                .extracting(NativeGraph::model)
                .isEqualTo(first.stream().map(NativeGraph::model).toList());
        assertThat(SafeTensors.file(file).names())
                .contains(
                        "language_model.model.layers.0.mlp.up_proj.weight.q4",
                        "language_model.model.layers.0.mlp.up_proj.weight.q4.scales",
                        "language_model.model.embed_tokens.weight",
                        "language_model.model.norm.weight")
                .doesNotContain("language_model.model.layers.0.mlp.up_proj.weight");
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(cache)) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.getFirst();
        }
    }
}
