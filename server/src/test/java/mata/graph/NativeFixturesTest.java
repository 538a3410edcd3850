package mata.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family's graphs against what PyTorch gave for the same checkpoint and input; see {@link Fixture} for references and tolerance. */
final class NativeFixturesTest {

    /** Their graphs run step by step: {@link NativeWritersTest}. */
    private static final Set<String> WRITERS =
            Set.of("trocr", "trocr_waves", "smolvlm", "llava", "llava_wide", "got_ocr2", "qwen2_vl", "florence2");

    static Stream<Arguments> cases() throws IOException {
        var cases = new ArrayList<Arguments>();
        for (String family : Fixture.families()) {
            if (!WRITERS.contains(family)) {
                var fixture = Fixture.of(family);
                fixture.syntheticCases()
                        .forEach(each ->
                                cases.add(Arguments.of(fixture, each.path("id").asText())));
            }
        }
        return cases.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("cases")
    void theGraphsGiveWhatTheReferenceGave(Fixture fixture, String id) throws IOException, OrtException {
        JsonNode wanted = fixture.oneCase(id);
        Map<String, OnnxTensor> known = new HashMap<>();
        for (Map.Entry<String, JsonNode> input : wanted.path("inputs").properties()) {
            known.put(input.getKey(), fixture.input(wanted, input.getKey()).tensor());
        }
        emptyPrompts(known);
        var compared = new ArrayList<String>();
        for (NativeGraph each : fixture.graphs()) {
            try (OrtGraph graph = new OrtGraph(each)) {
                Map<String, OnnxTensor> fed = new HashMap<>(known);
                fed.keySet().retainAll(graph.inputs());
                assertThat(fed.keySet()).isEqualTo(graph.inputs());
                for (Map.Entry<String, OnnxTensor> output : graph.run(fed).all().entrySet()) {
                    known.put(output.getKey(), output.getValue());
                    if (fixture.hasOutput(wanted, output.getKey())) {
                        fixture.assertClose(
                                output.getKey(), output.getValue(), fixture.output(wanted, output.getKey()));
                        compared.add(output.getKey());
                    }
                }
            }
        }
        assertThat(compared).isNotEmpty();
    }

    /** SAM's second graph takes points and boxes; a case that has one kind feeds none of the other. */
    private static void emptyPrompts(Map<String, OnnxTensor> known) throws OrtException {
        if (known.containsKey("input_points")) {
            known.putIfAbsent("input_boxes", Numbers.of(new double[0], 1, 0, 4).tensor());
        } else if (known.containsKey("input_boxes")) {
            long objects = known.get("input_boxes").getInfo().getShape()[1];
            known.put(
                    "input_points", Numbers.of(new double[0], 1, objects, 0, 2).tensor());
            known.put("input_labels", Numbers.of(new long[0], 1, objects, 0).tensor());
        }
    }
}
