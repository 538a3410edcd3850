package mata.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import mata.engine.ElementType;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.graph.onnx.ModelProto;
import mata.graph.onnx.StringStringEntryProto;
import mata.graph.onnx.TensorProto.DataType;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.testing.Graphs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrtEngineTest {

    private static final EngineOptions ONE_THREAD = EngineOptions.cpu(1);

    private static final Path VIT = Path.of("src/test/resources/fixtures/classify/vit/model/onnx/model.onnx");

    @TempDir
    Path folder;

    private final OrtEngine engine = new OrtEngine();

    @AfterEach
    void close() {
        engine.close();
    }

    private LoadedModel open(ModelProto.Builder model) throws IOException {
        return engine.open(Graphs.write(folder.resolve("model.onnx"), model), ONE_THREAD);
    }

    @Test
    void theSignatureTellsPortsFreeDimensionsAndMetadata() throws IOException {
        ModelProto.Builder graph = Graphs.identity(DataType.FLOAT, "batch", 3)
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("task").setValue("detect"));

        try (LoadedModel model = open(graph)) {
            assertThat(model.signature().input("x")).hasValueSatisfying(x -> {
                assertThat(x.type()).isEqualTo(ElementType.FLOAT);
                assertThat(x.shape()).containsExactly(-1, 3);
            });
            assertThat(model.signature().output("y")).isPresent();
            assertThat(model.signature().metadata()).containsEntry("task", "detect");
        }
    }

    @Test
    void floatsComeBackOnTheHeapFromDirectAndHeapBuffersAlike() throws IOException {
        FloatBuffer direct =
                ByteBuffer.allocateDirect(12).order(ByteOrder.nativeOrder()).asFloatBuffer();
        direct.put(new float[] {1.5f, -2, 3}).flip();

        try (LoadedModel model = open(Graphs.identity(DataType.FLOAT, "n", 3))) {
            for (FloatBuffer given : List.of(direct, FloatBuffer.wrap(new float[] {1.5f, -2, 3}))) {
                Tensor.Floats y = model.run(Tensors.of("x", new Tensor.Floats(given, 1, 3)))
                        .floats("y");

                assertThat(y.shape()).containsExactly(1, 3);
                assertThat(y.data().hasArray()).isTrue();
                assertThat(y.array()).containsExactly(1.5f, -2, 3);
            }
        }
    }

    @Test
    void halfPrecisionIsFloatOnTheOutside() throws IOException {
        // 0.1 is not among the halves: the nearest one is 0.0999755859375 (IEEE 754 binary16)
        try (LoadedModel model = open(Graphs.identity(DataType.FLOAT16, 3))) {
            Tensors outputs =
                    model.run(Tensors.of("x", new Tensor.Floats(FloatBuffer.wrap(new float[] {0.1f, 2048, -0.5f}), 3)));

            assertThat(model.signature().inputs().getFirst().type()).isEqualTo(ElementType.FLOAT16);
            assertThat(outputs.floats("y").array()).containsExactly(0.099975586f, 2048, -0.5f);
        }
    }

    @Test
    void wholeNumbersFlagsAndBytesKeepTheirValues() throws IOException {
        for (DataType type : List.of(DataType.INT64, DataType.INT32)) {
            try (LoadedModel model = open(Graphs.identity(type, 2))) {
                Tensors outputs = model.run(Tensors.of("x", new Tensor.Longs(LongBuffer.wrap(new long[] {7, -1}), 2)));

                assertThat(((Tensor.Longs) outputs.get("y")).data()).isEqualTo(LongBuffer.wrap(new long[] {7, -1}));
            }
        }
        for (DataType type : List.of(DataType.BOOL, DataType.UINT8)) {
            try (LoadedModel model = open(Graphs.identity(type, 2))) {
                Tensors outputs = model.run(Tensors.of("x", new Tensor.Bytes(ByteBuffer.wrap(new byte[] {1, 0}), 2)));

                assertThat(((Tensor.Bytes) outputs.get("y")).data()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 0}));
            }
        }
    }

    @Test
    void aWholeNumberThatInt32CannotHoldIsRefused() throws IOException {
        try (LoadedModel model = open(Graphs.identity(DataType.INT32, 1))) {
            assertThatThrownBy(() ->
                            model.run(Tensors.of("x", new Tensor.Longs(LongBuffer.wrap(new long[] {1L << 40}), 1))))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.problem())
                                    .isEqualTo(new Problem.Broken("input x takes INT32, but holds 1099511627776")));
        }
    }

    @Test
    void aTensorMayBeEmpty() throws IOException {
        try (LoadedModel model = open(Graphs.identity(DataType.FLOAT, 1, "points", 2))) {
            Tensors outputs = model.run(Tensors.of("x", new Tensor.Floats(FloatBuffer.allocate(0), 1, 0, 2)));

            assertThat(outputs.get("y").shape()).containsExactly(1, 0, 2);
        }
    }

    @Test
    void aWrongShapeIsAFaultThatNamesTheGraphWithoutTheRuntimesOwnPlaces() throws IOException {
        try (LoadedModel model = open(Graphs.identity(DataType.FLOAT, 3))) {
            assertThatThrownBy(() -> model.run(Tensors.of("x", new Tensor.Floats(FloatBuffer.allocate(4), 4))))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.problem())
                                    .isInstanceOfSatisfying(
                                            Problem.Broken.class,
                                            broken -> assertThat(broken.detail())
                                                    .startsWith(
                                                            "model.onnx failed: Got invalid dimensions for input: x")
                                                    .doesNotContain("Error code", ".cc:", "\n")));
        }
    }

    @Test
    void whatIsNoGraphIsBadInputThatNamesTheFile() throws IOException {
        Path noise = Files.write(folder.resolve("noise.onnx"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        Path pointer =
                Files.writeString(folder.resolve("pointer.onnx"), "version https://git-lfs.github.com/spec/v1\n");
        Path missing = folder.resolve("missing.onnx");
        Path unknownOperator = Graphs.write(
                folder.resolve("odd.onnx"),
                Graphs.model(mata.graph.onnx.GraphProto.newBuilder()
                        .addInput(Graphs.port("x", DataType.FLOAT, 1))
                        .addOutput(Graphs.port("y", DataType.FLOAT, 1))
                        .addNode(Graphs.node("Frobnicate", "y", "x"))));

        for (Path file : List.of(noise, pointer, missing, unknownOperator)) {
            assertThatThrownBy(() -> engine.open(file, ONE_THREAD))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.problem())
                                    .isInstanceOfSatisfying(
                                            Problem.BadInput.class,
                                            bad -> assertThat(bad.detail())
                                                    .startsWith(
                                                            file.getFileName().toString())));
        }
        assertThatThrownBy(() -> engine.open(unknownOperator, ONE_THREAD)).hasMessageContaining("Frobnicate");
        assertThatThrownBy(() -> engine.open(pointer, ONE_THREAD)).hasMessageContaining("Git LFS pointer");
    }

    @Test
    void weightsBesideTheGraphAreFoundThroughTheCachesSymbolicLinks() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/1/onnx"));
        Graphs.write(blobs.resolve("aaaa"), Graphs.sumWithExternalWeights("model.onnx_data"));
        Files.write(blobs.resolve("bbbb"), Graphs.weights().toByteArray());
        Files.createSymbolicLink(snapshot.resolve("model.onnx"), Path.of("../../../blobs/aaaa"));
        Files.createSymbolicLink(snapshot.resolve("model.onnx_data"), Path.of("../../../blobs/bbbb"));

        try (LoadedModel model = engine.open(snapshot.resolve("model.onnx"), ONE_THREAD)) {
            Tensors outputs =
                    model.run(Tensors.of("x", new Tensor.Floats(FloatBuffer.wrap(new float[] {1, 2, 3}), 1, 3)));

            assertThat(outputs.floats("y").array()).containsExactly(11, 22, 33);
        }
    }

    @Test
    void anOptimisedGraphIsKeptOnceAndAnswersAsTheOriginalDoes() throws IOException {
        Path cache = folder.resolve("cache");
        Tensors picture = Tensors.of("pixel_values", new Tensor.Floats(ramp(3 * 224 * 224), 1, 3, 224, 224));

        float[] plain;
        try (LoadedModel model = engine.open(VIT, ONE_THREAD)) {
            plain = model.run(picture).floats("logits").array();
        }
        for (int opening = 0; opening < 2; opening++) {
            try (LoadedModel model = engine.open(VIT, ONE_THREAD.cachedIn(cache))) {
                assertThat(model.run(picture).floats("logits").array()).containsExactly(plain, within());
                assertThat(model.signature().input("pixel_values")).isPresent();
            }
            try (Stream<Path> kept = Files.list(cache)) {
                assertThat(kept).singleElement().asString().endsWith("-ort-1.29.0-cpu.onnx");
            }
        }
    }

    private static org.assertj.core.data.Offset<Float> within() {
        return org.assertj.core.data.Offset.offset(1e-5f);
    }

    private static FloatBuffer ramp(int length) {
        var values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (i % 251) / 125f - 1;
        }
        return FloatBuffer.wrap(values);
    }

    @Test
    void aFolderThatCannotKeepGraphsDoesNotStopTheModel() throws IOException {
        Path file = Files.createFile(folder.resolve("not-a-folder"));

        try (LoadedModel model = engine.open(VIT, ONE_THREAD.cachedIn(file))) {
            assertThat(model.signature().output("logits")).isPresent();
        }
    }

    @Test
    void aGraphThatNeedsMoreMemoryThanThereIsSaysSo() throws IOException {
        // y = x expanded to 2^46 bytes
        var graph = Graphs.model(mata.graph.onnx.GraphProto.newBuilder()
                .addInput(Graphs.port("x", DataType.FLOAT, 1))
                .addInput(Graphs.port("shape", DataType.INT64, 1))
                .addOutput(Graphs.port("y", DataType.FLOAT, "n"))
                .addNode(Graphs.node("Expand", "y", "x", "shape")));

        try (LoadedModel model = open(graph)) {
            var inputs = new Tensors(java.util.Map.of(
                    "x", new Tensor.Floats(FloatBuffer.allocate(1), 1),
                    "shape", new Tensor.Longs(LongBuffer.wrap(new long[] {1L << 44}), 1)));

            assertThatThrownBy(() -> model.run(inputs))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.OutOfMemory.class));
        }
    }

    @Test
    void runsAtTheSameTimeDoNotDisturbEachOtherAndClosingWaitsForThem() throws Exception {
        LoadedModel model = engine.open(VIT, ONE_THREAD);
        Tensors picture = Tensors.of("pixel_values", new Tensor.Floats(ramp(3 * 224 * 224), 1, 3, 224, 224));
        float[] alone = model.run(picture).floats("logits").array();

        List<Future<float[]>> together = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 40; i++) {
                together.add(
                        threads.submit(() -> model.run(picture).floats("logits").array()));
            }
        }
        model.close();

        for (Future<float[]> each : together) {
            assertThat(each.get()).isEqualTo(alone);
        }
        assertThatThrownBy(() -> model.run(picture)).hasMessage("model.onnx is closed");
    }

    @Test
    void cudaWithoutItsRuntimeIsRefusedWithWhatIsMissing() {
        assertThatThrownBy(
                        () -> engine.open(VIT, new EngineOptions("cuda:1", 1, false, true, java.util.Optional.empty())))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isInstanceOfSatisfying(
                                        Problem.BadInput.class,
                                        bad -> assertThat(bad.detail())
                                                .contains("cuda:1", "CUDA build of the runtime")));
        assertThatThrownBy(() -> engine.open(VIT, new EngineOptions("tpu", 1, false, true, java.util.Optional.empty())))
                .hasMessage("unknown device 'tpu': expected cpu, cuda or cuda:<number>");
    }
}
