package mata.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
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
                fixture.assertClose("step " + i, step.get("logits"), row(logits, i));
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

    private static Npy row(Npy logits, int i) {
        int width = Math.toIntExact(logits.shape()[2]);
        return new Npy(Arrays.copyOfRange(logits.values(), i * width, (i + 1) * width), 1, 1, width);
    }
}
