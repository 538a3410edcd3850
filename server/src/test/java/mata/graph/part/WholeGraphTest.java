package mata.graph.part;

import static mata.testing.Graphs.node;
import static mata.testing.Graphs.port;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import mata.engine.BuiltGraph;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.engine.ort.OrtEngine;
import mata.graph.onnx.AttributeProto;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.ModelProto;
import mata.graph.onnx.TensorProto;
import mata.problem.Rejected;
import mata.testing.Fixture;
import mata.testing.Graphs;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WholeGraphTest {

    private static OrtEngine engine;

    @BeforeAll
    static void start() {
        engine = new OrtEngine();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    private static LoadedModel open(WholeGraph graph, List<String> outputs, List<String> given) {
        return engine.open(
                new BuiltGraph("part", graph.part("part", outputs, given), graph.folder()), EngineOptions.cpu(1));
    }

    /** Weights stay in the file, at offsets that are no multiples of anything. */
    @Test
    void aPartGivesWhatTheWholeGives() {
        Path file = Fixture.of("zero_shot_classify", "clip").model().resolve("onnx/model.onnx");
        WholeGraph graph = WholeGraph.read(file);
        var picture = new Tensor.Floats(wave(3 * 224 * 224), 1, 3, 224, 224);
        var ids = new Tensor.Longs(java.nio.LongBuffer.wrap(new long[] {642, 519, 339, 643}), 1, 4);
        var mask = new Tensor.Longs(java.nio.LongBuffer.wrap(new long[] {1, 1, 1, 1}), 1, 4);

        Tensors whole;
        try (LoadedModel model = engine.open(file, EngineOptions.cpu(1))) {
            whole = model.run(new Tensors(Map.of("pixel_values", picture, "input_ids", ids, "attention_mask", mask)));
        }
        Tensors image;
        try (LoadedModel part = open(graph, List.of("image_embeds"), List.of())) {
            assertThat(part.signature().inputs()).extracting("name").containsExactly("pixel_values");
            image = part.run(Tensors.of("pixel_values", picture));
        }
        Tensors logits;
        try (LoadedModel part = open(graph, List.of("logits_per_image"), List.of("image_embeds", "text_embeds"))) {
            logits = part.run(new Tensors(
                    Map.of("image_embeds", image.get("image_embeds"), "text_embeds", whole.get("text_embeds"))));
        }

        assertThat(image.floats("image_embeds").array())
                .containsExactly(whole.floats("image_embeds").array());
        assertThat(logits.floats("logits_per_image").array())
                .containsExactly(whole.floats("logits_per_image").array());
        assertThat(graph.model().getSerializedSize()).as("without its weights").isLessThan(200_000);
    }

    private static FloatBuffer wave(int length) {
        FloatBuffer wave = FloatBuffer.allocate(length);
        IntStream.range(0, length).forEach(i -> wave.put(i, (float) Math.sin(i * 0.37)));
        return wave;
    }

    @Test
    void whatIsNoOutputOfTheWholeIsNamed() {
        WholeGraph graph =
                WholeGraph.read(Fixture.of("zero_shot_classify", "clip").model().resolve("onnx/model.onnx"));

        assertThatThrownBy(() -> graph.part("text", List.of("pooled"), List.of()))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("no outputs pooled")
                .hasMessageContaining("text_embeds");
    }

    /** As in the hub's cache: the snapshot holds links, the weights' real file has another name. */
    @Test
    void weightsBesideTheGraphAreFoundThroughLinks(@TempDir Path cache) throws IOException {
        Path blobs = Files.createDirectories(cache.resolve("blobs"));
        Path snapshot = Files.createDirectories(cache.resolve("snapshots/1/onnx"));
        Files.write(blobs.resolve("abc"), Graphs.weights().toByteArray());
        Graphs.write(blobs.resolve("def"), Graphs.sumWithExternalWeights("model.onnx_data"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../../blobs/def"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx_data"), Path.of("../../../blobs/abc"));

        WholeGraph graph = WholeGraph.read(snapshot.resolve("model.onnx"));

        try (LoadedModel part = open(graph, List.of("y"), List.of())) {
            Tensors sum = part.run(Tensors.of("x", new Tensor.Floats(FloatBuffer.wrap(new float[] {1, 2, 3}), 1, 3)));
            assertThat(sum.floats("y").array()).containsExactly(11, 22, 33);
        }
    }

    @Test
    void weightsOutsideTheFolderAreRefused(@TempDir Path folder) throws IOException {
        Path inside = Files.createDirectories(folder.resolve("model"));
        Files.write(folder.resolve("elsewhere"), Graphs.weights().toByteArray());
        Graphs.write(inside.resolve("model.onnx"), Graphs.sumWithExternalWeights("../elsewhere"));

        assertThatThrownBy(() -> WholeGraph.read(inside.resolve("model.onnx")))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("outside its folder");
    }

    /** A branch takes {@code b} from around itself, and nothing but the branch needs it. */
    @Test
    void whatGraphsInsideANodeTakeFromAroundThemIsKept() {
        var branch = GraphProto.newBuilder()
                .setName("branch")
                .addNode(node("Identity", "chosen", "b"))
                .addOutput(port("chosen", TensorProto.DataType.FLOAT, 2));
        ModelProto model = Graphs.model(GraphProto.newBuilder()
                        .addInput(port("a", TensorProto.DataType.FLOAT, 2))
                        .addInput(port("c", TensorProto.DataType.BOOL))
                        .addOutput(port("y", TensorProto.DataType.FLOAT, 2))
                        .addOutput(port("z", TensorProto.DataType.FLOAT, 2))
                        .addNode(node("Abs", "b", "a"))
                        .addNode(node("Neg", "z", "a"))
                        .addNode(node("If", "y", "c")
                                .addAttribute(attribute("then_branch", branch))
                                .addAttribute(attribute("else_branch", branch))))
                .build();
        var graph = new WholeGraph(model, Path.of("").toAbsolutePath());

        try (LoadedModel part = open(graph, List.of("y"), List.of())) {
            Tensors chosen = part.run(new Tensors(Map.of(
                    "a",
                    new Tensor.Floats(FloatBuffer.wrap(new float[] {-1, 2}), 2),
                    "c",
                    new Tensor.Bytes(java.nio.ByteBuffer.wrap(new byte[] {1})))));
            assertThat(chosen.floats("y").array()).containsExactly(1, 2);
            assertThat(part.signature().output("z")).isEmpty();
        }
    }

    private static AttributeProto attribute(String name, GraphProto.Builder graph) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.GRAPH)
                .setG(graph)
                .build();
    }
}
