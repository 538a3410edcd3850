package mata.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import mata.graph.onnx.AttributeProto;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.TensorProto;
import mata.graph.onnx.TensorProto.DataType;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.testing.Fixture;
import mata.testing.Graphs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GraphHeaderTest {

    @TempDir
    Path folder;

    static Stream<Fixture> fixtures() {
        return Fixture.all().stream();
    }

    /** The reference is what ONNX Runtime said of the same files, as the fixtures' expected.json lists it. */
    @ParameterizedTest
    @MethodSource("fixtures")
    void inputsAndOutputsAreThoseThatTheRuntimeSees(Fixture fixture) {
        fixture.expected().path("onnx").properties().forEach(entry -> {
            GraphHeader header =
                    GraphHeader.read(fixture.model().resolve("onnx").resolve(entry.getKey()));

            assertAgree(header.inputs(), entry.getValue().path("inputs"));
            assertAgree(header.outputs(), entry.getValue().path("outputs"));
            assertThat(header.externalData()).isEmpty();
        });
    }

    /** A size that the file leaves open may be one that the runtime has worked out. */
    private static void assertAgree(List<GraphHeader.Port> ports, JsonNode listed) {
        assertThat(ports).hasSize(listed.size());
        for (int i = 0; i < ports.size(); i++) {
            GraphHeader.Port port = ports.get(i);
            JsonNode shape = listed.path(i).path(2);

            assertThat(port.name()).isEqualTo(listed.path(i).path(0).asText());
            assertThat("tensor(" + port.type() + ")")
                    .isEqualTo(listed.path(i).path(1).asText());
            assertThat(port.rank()).isEqualTo(shape.size());
            for (int axis = 0; axis < port.rank(); axis++) {
                assertThat(port.dimension(axis)).isIn(-1L, shape.path(axis).asLong(-1));
            }
        }
    }

    @Test
    void metadataOfYoloExportsIsRead() {
        GraphHeader header = GraphHeader.read(
                Fixture.of("detect", "yolo11_320_5class").model().resolve("onnx/model.onnx"));

        assertThat(header.metadata()).containsEntry("task", "detect").containsKeys("names", "stride", "imgsz");
    }

    @Test
    void weightsThatOldFilesListAmongTheInputsAreNoInputs() throws IOException {
        Path file = Graphs.write(
                folder.resolve("old.onnx"),
                Graphs.model(GraphProto.newBuilder()
                        .addInput(Graphs.port("x", DataType.FLOAT, "n"))
                        .addInput(Graphs.port("w", DataType.FLOAT, 1))
                        .addOutput(Graphs.port("y", DataType.FLOAT, "n"))
                        .addInitializer(TensorProto.newBuilder()
                                .setName("w")
                                .setDataType(DataType.FLOAT.getNumber())
                                .addDims(1)
                                .addFloatData(1))
                        .addNode(Graphs.node("Add", "y", "x", "w"))));

        assertThat(GraphHeader.read(file).inputs())
                .extracting(GraphHeader.Port::name)
                .containsExactly("x");
    }

    @Test
    void filesOfWeightsAreNamedWhereverInTheGraphTheyAreMentioned() throws IOException {
        GraphProto branch = Graphs.sumWithExternalWeights("deep.bin").getGraph();
        var graph = Graphs.sumWithExternalWeights("model.onnx_data");
        graph.getGraphBuilder()
                .addNode(Graphs.node("If", "z", "x")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setType(AttributeProto.AttributeType.GRAPH)
                                .setG(branch)));

        GraphHeader header = GraphHeader.read(Graphs.write(folder.resolve("model.onnx"), graph));

        assertThat(header.externalData()).containsExactlyInAnyOrder("model.onnx_data", "deep.bin");
    }

    @Test
    void onlyTheBatchMayBeFreeInAGraphOfFixedSizes() {
        assertThat(GraphHeader.read(Fixture.of("classify", "vit").model().resolve("onnx/model.onnx"))
                        .hasFixedSizes())
                .isTrue();
        assertThat(GraphHeader.read(Fixture.of("detect", "detr").model().resolve("onnx/model.onnx"))
                        .hasFixedSizes())
                .isFalse();
    }

    @Test
    void whatIsNoGraphIsBadInput() throws IOException {
        Path noise = Files.write(folder.resolve("noise.onnx"), new byte[] {0x3a, 0x7f, 1, 2, 3});
        Path empty = Files.createFile(folder.resolve("empty.onnx"));

        assertThatThrownBy(() -> GraphHeader.read(noise))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageStartingWith("noise.onnx is not an ONNX graph: ");
        assertThatThrownBy(() -> GraphHeader.read(empty))
                .hasMessage("empty.onnx is not an ONNX graph: it holds no graph");
        assertThatThrownBy(() -> GraphHeader.read(folder.resolve("none.onnx")))
                .hasMessage("none.onnx is not an ONNX graph: there is no such file");
    }
}
