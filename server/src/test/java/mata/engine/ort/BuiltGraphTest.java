package mata.engine.ort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mata.engine.BuiltGraph;
import mata.engine.EngineOptions;
import mata.engine.LoadedModel;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.graph.Config;
import mata.graph.NativeGraph;
import mata.graph.NativeModels;
import mata.problem.Rejected;
import mata.safetensors.SafeTensors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A native graph through the engine's contract, its weights behind the links of a hub cache. */
final class BuiltGraphTest {

    private static final Path VIT = Path.of("src/test/resources/fixtures/native/vit/model");

    @TempDir
    Path cache;

    private final OrtEngine engine = new OrtEngine();

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void weightsAreReadThroughTheLinksOfAHubCache() throws IOException {
        Path snapshot = hubCache();

        try (LoadedModel model = engine.open(built(snapshot), EngineOptions.cpu(1))) {
            Tensors outputs = model.run(Tensors.of("pixel_values", sine(1, 3, 224, 224)));

            // fixtures/native/vit, case "synthetic": the first two logits of PyTorch
            Tensor.Floats logits = outputs.floats("logits");
            assertThat(logits.shape()).containsExactly(1, 7);
            assertThat(logits.get(0)).isCloseTo(-1.24032f, offset(1.6e-4f));
            assertThat(logits.get(1)).isCloseTo(1.60313f, offset(1.6e-4f));
        }
    }

    @Test
    void aFileThatVanishedAfterTheGraphWasBuiltIsNamed() throws IOException {
        Path snapshot = hubCache();
        BuiltGraph graph = built(snapshot);
        Files.delete(cache.resolve("blobs/0a1b"));

        assertThatThrownBy(() -> engine.open(graph, EngineOptions.cpu(1)))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("model cannot be opened");
    }

    private static BuiltGraph built(Path folder) throws IOException {
        Map<String, Object> config =
                new JsonMapper().readValue(folder.resolve("config.json").toFile(), new TypeReference<>() {});
        NativeGraph graph =
                NativeModels.graphs(Config.of(config), SafeTensors.in(folder)).getFirst();
        return new BuiltGraph(graph.name(), graph.model().toByteArray(), graph.folder());
    }

    private Path hubCache() throws IOException {
        Path blobs = Files.createDirectory(cache.resolve("blobs"));
        Path snapshot = Files.createDirectory(cache.resolve("snapshot"));
        Files.copy(VIT.resolve("model.safetensors"), blobs.resolve("0a1b"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../blobs/0a1b"));
        Files.copy(VIT.resolve("config.json"), snapshot.resolve("config.json"));
        return snapshot;
    }

    private static Tensor.Floats sine(int... shape) {
        float[] values = new float[shape[0] * shape[1] * shape[2] * shape[3]];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(0.01 * i);
        }
        return new Tensor.Floats(FloatBuffer.wrap(values), shape[0], shape[1], shape[2], shape[3]);
    }
}
