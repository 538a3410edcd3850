package mata.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models that write text, token by token: with forced tokens, the logits of every step must be those that PyTorch gave for the
 * whole text at once. So the graphs are tested with the cache they are used with. References and tolerance as in {@link
 * NativeFixturesTest}.
 */
final class NativeWritersTest {

    @ParameterizedTest
    @ValueSource(strings = {"trocr", "trocr_waves"})
    void anEncoderDecoderWritesTheSameWithItsCacheAsInOneGo(String family) throws IOException, OrtException {
        var fixture = Fixture.of(family);
        JsonNode wanted = fixture.oneCase("synthetic");
        Npy logits = fixture.output(wanted, "logits");
        long[] tokens = fixture.input(wanted, "decoder_input_ids").longs();

        try (OrtGraph encoder = new OrtGraph(fixture.graph("encoder_model"));
                OrtGraph decoder = new OrtGraph(fixture.graph("decoder_model_merged"))) {
            OrtGraph.Outputs seen = encoder.run(
                    Map.of("pixel_values", fixture.input(wanted, "pixel_values").tensor()));
            fixture.assertClose(
                    "encoder", seen.get("last_hidden_state"), fixture.output(wanted, "encoder_last_hidden_state"));

            Map<String, OnnxTensor> cache = new LinkedHashMap<>(decoder.emptyCache());
            for (int i = 0; i < tokens.length; i++) {
                Map<String, OnnxTensor> fed = new HashMap<>(cache);
                fed.put("input_ids", Numbers.of(new long[] {tokens[i]}, 1, 1).tensor());
                fed.put("encoder_hidden_states", seen.get("last_hidden_state"));
                fed.put("use_cache_branch", Numbers.flag(i > 0));
                OrtGraph.Outputs step = decoder.run(fed);
                fixture.assertClose("step " + i, step.get("logits"), rows(logits, i, i + 1));
                keep(cache, step.all(), i == 0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"smolvlm", "llava", "llava_wide", "got_ocr2"})
    void aDecoderWritesTheSameWithItsCacheAsInOneGo(String family) throws IOException, OrtException {
        var fixture = Fixture.of(family);
        JsonNode wanted = fixture.oneCase("text_only");
        Npy logits = fixture.output(wanted, "logits");
        long[] tokens = fixture.input(wanted, "input_ids").longs();
        int together = 5;

        try (OrtGraph embed = new OrtGraph(fixture.graph("embed_tokens"));
                OrtGraph decoder = new OrtGraph(fixture.graph("decoder_model_merged"))) {
            Map<String, OnnxTensor> cache = new LinkedHashMap<>(decoder.emptyCache());
            for (int from = 0; from < tokens.length; from = from == 0 ? together : from + 1) {
                int to = from == 0 ? together : from + 1;
                Numbers ids = Numbers.of(Arrays.copyOfRange(tokens, from, to), 1, to - from);
                Map<String, OnnxTensor> fed = new HashMap<>(cache);
                fed.put(
                        "inputs_embeds",
                        embed.run(Map.of("input_ids", ids.tensor())).get("inputs_embeds"));
                fed.put("attention_mask", Numbers.ones(1, to).tensor());
                fed.put("num_logits_to_keep", Numbers.of(new long[] {to - from}).tensor());
                OrtGraph.Outputs step = decoder.run(fed);
                fixture.assertClose("tokens to " + to, step.get("logits"), rows(logits, from, to));
                keep(cache, step.all(), true);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"smolvlm, synthetic_plain_positions", "llava, synthetic", "llava_wide, synthetic", "got_ocr2, synthetic"
    })
    void aPictureInsideATextIsReadAsTheReferenceReadsIt(String family, String id) throws IOException, OrtException {
        var fixture = Fixture.of(family);
        JsonNode inputs = fixture.oneCase("synthetic");
        JsonNode wanted = fixture.oneCase(id);

        try (OrtGraph vision = new OrtGraph(fixture.graph("vision_encoder"));
                OrtGraph embed = new OrtGraph(fixture.graph("embed_tokens"));
                OrtGraph decoder = new OrtGraph(fixture.graph("decoder_model_merged"))) {
            OnnxTensor features = vision.run(Map.of(
                            "pixel_values",
                            fixture.input(inputs, "pixel_values").tensor()))
                    .get("image_features");
            fixture.assertCloseFlat("image features", features, fixture.output(wanted, "image_features"));

            Numbers ids = fixture.input(inputs, "input_ids");
            OnnxTensor embedded = embed.run(Map.of("input_ids", ids.tensor())).get("inputs_embeds");
            Map<String, OnnxTensor> fed = new HashMap<>(decoder.emptyCache());
            fed.put("inputs_embeds", fixture.withPicture(embedded, ids.longs(), features));
            fed.put("attention_mask", Numbers.ones(ids.shape()).tensor());
            fed.put("num_logits_to_keep", Numbers.of(new long[] {8}).tensor());
            fixture.assertClose("last logits", decoder.run(fed).get("logits"), fixture.output(wanted, "last_logits"));
        }
    }

    @Test
    void qwen2VlsTokensTurnByThreePlaces() throws IOException, OrtException {
        var fixture = Fixture.of("qwen2_vl");
        JsonNode wanted = fixture.oneCase("synthetic");

        try (OrtGraph vision = new OrtGraph(fixture.graph("vision_encoder"));
                OrtGraph embed = new OrtGraph(fixture.graph("embed_tokens"));
                OrtGraph decoder = new OrtGraph(fixture.graph("decoder_model_merged"))) {
            Numbers grid = fixture.input(wanted, "image_grid_thw");
            OnnxTensor features = vision.run(Map.of(
                            "pixel_values",
                            fixture.input(wanted, "pixel_values").tensor(),
                            "grid_thw",
                            grid.tensor()))
                    .get("image_features");
            fixture.assertCloseFlat("image features", features, fixture.output(wanted, "image_features"));

            Numbers ids = fixture.input(wanted, "input_ids");
            OnnxTensor embedded = embed.run(Map.of("input_ids", ids.tensor())).get("inputs_embeds");
            Map<String, OnnxTensor> fed = new HashMap<>(decoder.emptyCache());
            fed.put("inputs_embeds", fixture.withPicture(embedded, ids.longs(), features));
            fed.put("attention_mask", Numbers.ones(ids.shape()).tensor());
            fed.put(
                    "position_ids",
                    threePlaces(fixture, ids.longs(), grid.longs()).tensor());
            fed.put("num_logits_to_keep", Numbers.of(new long[] {8}).tensor());
            fixture.assertClose("last logits", decoder.run(fed).get("logits"), fixture.output(wanted, "last_logits"));
        }
    }

    /** Text counts on in all three; a picture keeps its time, and counts rows and columns from where it starts. */
    private static Numbers threePlaces(Fixture fixture, long[] ids, long[] grid) throws IOException {
        long picture = fixture.config().integer("image_token_id");
        long width = grid[2] / 2;
        double[] places = new double[3 * ids.length];
        long next = 0;
        long cell = 0;
        long start = 0;
        for (int i = 0; i < ids.length; i++) {
            boolean inPicture = ids[i] == picture;
            start = inPicture && cell == 0 ? next : start;
            places[i] = inPicture ? start : next;
            places[ids.length + i] = inPicture ? start + cell / width : next;
            places[2 * ids.length + i] = inPicture ? start + cell % width : next;
            cell = inPicture ? cell + 1 : 0;
            next = inPicture ? start + Math.max(grid[1] / 2, width) : next + 1;
        }
        return new Numbers(places, true, 3, 1, ids.length);
    }

    @Test
    void florence2ReadsPictureAndPromptTogether() throws IOException, OrtException {
        var fixture = Fixture.of("florence2");
        JsonNode wanted = fixture.oneCase("synthetic");
        Npy logits = fixture.output(wanted, "last_logits");
        long[] tokens = fixture.input(wanted, "decoder_input_ids").longs();

        try (OrtGraph vision = new OrtGraph(fixture.graph("vision_encoder"));
                OrtGraph embed = new OrtGraph(fixture.graph("embed_tokens"));
                OrtGraph encoder = new OrtGraph(fixture.graph("encoder_model"));
                OrtGraph decoder = new OrtGraph(fixture.graph("decoder_model_merged"))) {
            OnnxTensor features = vision.run(Map.of(
                            "pixel_values",
                            fixture.input(wanted, "pixel_values").tensor()))
                    .get("image_features");
            fixture.assertClose("image features", features, fixture.output(wanted, "image_features"));
            Numbers ids = fixture.input(wanted, "input_ids");
            OnnxTensor embedded = embed.run(Map.of("input_ids", ids.tensor())).get("inputs_embeds");
            OnnxTensor mask = Numbers.ones(ids.shape()).tensor();
            OnnxTensor read = encoder.run(Map.of(
                            "inputs_embeds",
                            fixture.withPicture(embedded, ids.longs(), features),
                            "attention_mask",
                            mask))
                    .get("last_hidden_state");

            Map<String, OnnxTensor> cache = new LinkedHashMap<>(decoder.emptyCache());
            for (int i = 0; i < tokens.length; i++) {
                Numbers token = Numbers.of(new long[] {tokens[i]}, 1, 1);
                Map<String, OnnxTensor> fed = new HashMap<>(cache);
                fed.put(
                        "inputs_embeds",
                        embed.run(Map.of("input_ids", token.tensor())).get("inputs_embeds"));
                fed.put("encoder_hidden_states", read);
                fed.put("encoder_attention_mask", mask);
                fed.put("use_cache_branch", Numbers.flag(i > 0));
                OrtGraph.Outputs step = decoder.run(fed);
                fixture.assertClose("step " + i, step.get("logits"), rows(logits, i, i + 1));
                keep(cache, step.all(), i == 0);
            }
        }
    }

    /** As spec 13.1: what is remembered of the encoder stays that of the first step. */
    private static void keep(Map<String, OnnxTensor> cache, Map<String, OnnxTensor> step, boolean first) {
        step.forEach((name, tensor) -> {
            if (name.startsWith("present.") && (first || !name.contains(".encoder."))) {
                cache.put(name.replace("present.", "past_key_values."), tensor);
            }
        });
    }

    private static Npy rows(Npy logits, int from, int to) {
        int width = Math.toIntExact(logits.shape()[2]);
        return new Npy(Arrays.copyOfRange(logits.values(), from * width, to * width), 1, to - from, width);
    }
}
