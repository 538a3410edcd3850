package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mata.folder.NumberFormat;
import mata.graph.onnx.GraphProto;
import mata.graph.onnx.ModelProto;
import mata.graph.onnx.TensorProto;
import mata.graph.onnx.ValueInfoProto;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.FileRegistry;
import mata.registry.RegisteredModel;
import mata.task.ModelRef;
import mata.task.Task;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HubPullTest {

    private static final Path VIT = Path.of("src/test/resources/fixtures/classify/vit/model");

    @TempDir
    private Path home;

    private LocalHub hub;
    private FileRegistry registry;
    private ModelPlaces places;

    @BeforeEach
    void openTheHub() throws IOException {
        hub = new LocalHub();
        registry = new FileRegistry(home.resolve("data"), List::of);
        places = new ModelPlaces(new HubCache(home.resolve("hub")), home.resolve("starters"));
        byte[] graph = Files.readAllBytes(VIT.resolve("onnx/model.onnx"));
        hub.put("acme/vit", "config.json", Files.readString(VIT.resolve("config.json")))
                .put("acme/vit", "preprocessor_config.json", Files.readString(VIT.resolve("preprocessor_config.json")))
                .put("acme/vit", "onnx/model.onnx", Content.of(graph, true))
                .put("acme/vit", "onnx/model_quantized.onnx", Content.of(graph, true))
                .put("acme/vit", "model.safetensors", Content.random(3_000_000, 1))
                .put("acme/vit", "pytorch_model.bin", Content.random(3_000_000, 2))
                .put("acme/vit", "README.md", "# a model");
    }

    @AfterEach
    void closeTheHub() {
        hub.close();
    }

    private HubPull hubPull(NativeFamilies natives, boolean twins) {
        return new HubPull(
                HubAccess.to(hub.endpoint()),
                home.resolve("hub"),
                registry,
                new Twins(home.resolve("data/twins.yaml")),
                natives,
                new HubPull.Policy(NumberFormat.FP32, twins));
    }

    private RegisteredModel pull(PullRequest request) throws InterruptedException {
        try (HubPull pull = hubPull(NativeFamilies.NONE, false)) {
            return pull.pull(request, PullProgress.NONE);
        }
    }

    private static PullRequest request(String model, Task task) {
        return new PullRequest(model, task);
    }

    private static PullRequest request(String model, String dtype) {
        return new PullRequest(model, Optional.empty(), Optional.empty(), Optional.of(dtype), Optional.empty());
    }

    private static void assertBadInput(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageContainingAll(words);
    }

    private List<String> filesOf(RegisteredModel model) throws IOException {
        Path folder = places.folder(model).orElseThrow();
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aPullBringsOneVariantAndTheSmallFilesAndRegistersThem() throws Exception {
        RegisteredModel model = pull(request("acme/vit", Task.CLASSIFY));

        assertThat(filesOf(model)).containsExactly("config.json", "onnx/model.onnx", "preprocessor_config.json");
        assertThat(registry.find(new ModelRef("acme/vit"))).contains(model);
        assertThat(model.settings()).isEqualTo(Map.of("dtype", "fp32", "commit", hub.commit("acme/vit")));
        assertThat(model.source()).isEqualTo(RegisteredModel.Source.HF);
        assertThat(hub.served()).isLessThan(300_000);
    }

    @Test
    void theFormatAskedForIsTakenOrRefused() throws Exception {
        RegisteredModel model = pull(request("acme/vit", "q8"));

        assertThat(filesOf(model)).contains("onnx/model_quantized.onnx").doesNotContain("onnx/model.onnx");
        assertThat(model.task()).isEqualTo(Task.CLASSIFY);
        assertThat(model.settings()).containsEntry("dtype", "q8");
        assertBadInput(() -> pull(request("acme/vit", "q4")), "no graph of acme/vit has the format q4", "fp32, q8");
        assertThatThrownBy(() -> pull(request("acme/vit", "q5")))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.Invalid.class))
                .hasMessageContaining("dtype: unknown format 'q5'");
    }

    @Test
    void whereTheUsualFormatIsMissingTheNextBestIsTakenAndNoted() throws Exception {
        byte[] graph = Files.readAllBytes(VIT.resolve("onnx/model.onnx"));
        hub.put("acme/small", "config.json", Files.readString(VIT.resolve("config.json")))
                .put("acme/small", "model_int8.onnx", Content.of(graph, true));

        RegisteredModel model = pull(request("acme/small", Task.CLASSIFY));

        assertThat(filesOf(model)).containsExactly("config.json", "model_int8.onnx");
        assertThat(model.settings()).containsEntry("dtype", "int8");
    }

    @Test
    void anotherTaskIsRefusedBeforeAnyWeightIsFetched() {
        assertBadInput(() -> pull(request("acme/vit", Task.DETECT)), "task mismatch", "detect", "classify");

        assertThat(hub.asked()).noneMatch(asked -> asked.server().equals("store"));
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void aRepositoryWithoutGraphsIsRefusedBeforeAnyWeightIsFetched() throws Exception {
        hub.put("acme/torch", "config.json", Files.readString(VIT.resolve("config.json")))
                .put("acme/torch", "model.safetensors", Content.random(3_000_000, 1))
                .put("acme/torch", "pytorch_model.bin", Content.random(3_000_000, 2));

        assertBadInput(
                () -> pull(request("acme/torch", Task.CLASSIFY)),
                "no ONNX graph in acme/torch; known twin: none; pass a folder or an ONNX repository");

        assertThat(hub.asked()).noneMatch(asked -> asked.server().equals("store"));
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void weightsThatTheServerReadsItselfNeedNoGraph() throws Exception {
        hub.put("acme/torch", "config.json", Files.readString(VIT.resolve("config.json")))
                .put("acme/torch", "model.safetensors", Content.random(3_000_000, 1))
                .put("acme/torch", "pytorch_model.bin", Content.random(3_000_000, 2));

        try (HubPull pull = hubPull(config -> "vit".equals(config.get("model_type")), false)) {
            RegisteredModel model = pull.pull(request("acme/torch", Task.CLASSIFY), PullProgress.NONE);

            assertThat(filesOf(model)).containsExactly("config.json", "model.safetensors");
        }
    }

    @Test
    void aTwinStandsInOnlyWhereItIsAllowedAndIsNoted() throws Exception {
        hub.put("acme/torch", "config.json", Files.readString(VIT.resolve("config.json")))
                .put("acme/torch", "pytorch_model.bin", Content.random(3_000_000, 2));
        Files.createDirectories(home.resolve("data"));
        Files.writeString(home.resolve("data/twins.yaml"), "acme/torch: acme/vit\n");
        PullRequest asked = request("acme/torch", Task.CLASSIFY);

        assertBadInput(() -> pull(asked), "known twin: acme/vit", "--allow-twin");

        RegisteredModel model = pull(new PullRequest(
                asked.model(), asked.task(), Optional.empty(), Optional.empty(), Optional.empty(), true));
        assertThat(model.model()).isEqualTo(new ModelRef("acme/torch"));
        assertThat(model.settings()).containsEntry("twin", "acme/vit");
        assertThat(filesOf(model)).contains("onnx/model.onnx");
        assertThat(places.bytes(model).orElseThrow()).isGreaterThan(200_000);
    }

    @Test
    void theTwinsThatComeWithTheProgramAreReadable() {
        assertThat(new Twins(home.resolve("none")).of(new ModelRef("facebook/detr-resnet-50")))
                .contains(new ModelRef("Xenova/detr-resnet-50"));
    }

    @Test
    void aRevisionOrAPageAddressPinsTheModel() throws Exception {
        hub.tag("acme/vit", "v1.0");
        hub.put("acme/vit", "README.md", "# a newer model");

        RegisteredModel model = pull(request(hub.endpoint() + "/acme/vit/tree/v1.0", Task.CLASSIFY));

        assertThat(model.model()).isEqualTo(new ModelRef("acme/vit"));
        assertThat(model.settings()).containsEntry("revision", "v1.0");
        assertThat(places.cached(model.model(), "v1.0")).isEqualTo(places.folder(model));
    }

    @Test
    void whatALaterPullOfTheToolsDoesToTheRevisionDoesNotChangeTheModel() throws Exception {
        RegisteredModel model = pull(request("acme/vit", Task.CLASSIFY));
        Path before = places.folder(model).orElseThrow();

        CacheWriter tools = new CacheWriter(home.resolve("hub"), model.model());
        tools.prepare("1".repeat(40));
        tools.refer("main", "1".repeat(40));

        assertThat(places.folder(model)).contains(before);
    }

    @Test
    void aSecondPullOfTheSameModelIsAConflict() throws Exception {
        List<Throwable> seen = new ArrayList<>();
        try (HubPull pull = hubPull(NativeFamilies.NONE, false)) {
            pull.pull(request("acme/vit", Task.CLASSIFY), (status, file, completed, total) -> {
                try {
                    pull(request("acme/vit", Task.CLASSIFY));
                } catch (Rejected | InterruptedException e) {
                    seen.add(e);
                }
            });
        }

        assertThat(seen)
                .isNotEmpty()
                .allSatisfy(e -> assertThat(e)
                        .isInstanceOfSatisfying(
                                Rejected.class,
                                rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.Conflict.class))
                        .hasMessage("A pull of 'acme/vit' is already in progress"));
    }

    @Test
    void weightsBesideAGraphComeWithIt() throws Exception {
        byte[] graph = Files.readAllBytes(VIT.resolve("onnx/model.onnx"));
        hub.put("acme/split", "config.json", Files.readString(VIT.resolve("config.json")))
                .put("acme/split", "onnx/model.onnx", Content.of(graph, true))
                .put("acme/split", "onnx/model.onnx_data", Content.random(1000, 1))
                .put("acme/split", "onnx/model.onnx_data_1", Content.random(1001, 1))
                .put("acme/split", "onnx/model_fp16.onnx_data", Content.random(1002, 1))
                .put("acme/split", "onnx/model_fp16.onnx", Content.of(graph, true));

        assertThat(filesOf(pull(request("acme/split", Task.CLASSIFY))))
                .containsExactly("config.json", "onnx/model.onnx", "onnx/model.onnx_data", "onnx/model.onnx_data_1");
    }

    @Test
    void namesThatAreNoneAreInvalid() {
        assertThat(List.of(
                        "acme",
                        "https://elsewhere.example/acme/vit",
                        hub.endpoint() + "/datasets/acme/cats",
                        hub.endpoint() + "/acme"))
                .allSatisfy(name -> assertThatThrownBy(() -> pull(request(name, Task.CLASSIFY)))
                        .isInstanceOfSatisfying(
                                Rejected.class,
                                rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.Invalid.class)));
    }

    @Test
    void whereConfigJsonSaysNothingTheGraphIsLookedAtBeforeItsWeightsAreFetched() throws Exception {
        byte[] weights = new byte[20_000_000];
        hub.put("acme/speech", "onnx/model.onnx", Content.of(graph("audio", "logits", weights), true))
                .put("acme/yolo", "best.onnx", Content.of(graph("images", "output0", weights), true));

        assertBadInput(
                () -> pull(request("acme/speech", Task.CLASSIFY)),
                "the graph is of no known family",
                "audio",
                "logits");
        assertBadInput(() -> pull(request("acme/yolo", Task.POSE)), "task mismatch: asked for pose", "detect");

        assertThat(hub.served()).isLessThan(1_000_000);
        assertThat(registry.list()).isEmpty();

        assertThat(pull(request("acme/yolo", Task.DETECT)).task()).isEqualTo(Task.DETECT);
    }

    /** A graph of one input, one output, and a weight between them that nobody uses. */
    private static byte[] graph(String input, String output, byte[] weights) {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .setGraph(GraphProto.newBuilder()
                        .addInitializer(TensorProto.newBuilder().setName("w").setRawData(ByteString.copyFrom(weights)))
                        .addInput(ValueInfoProto.newBuilder().setName(input))
                        .addOutput(ValueInfoProto.newBuilder().setName(output)))
                .build()
                .toByteArray();
    }

    @Test
    void aGraphThatIsNoneIsNotRegistered() throws Exception {
        hub.put("acme/junk", "config.json", "{}").put("acme/junk", "onnx/model.onnx", Content.random(50_000, 1));

        assertBadInput(() -> pull(request("acme/junk", Task.CLASSIFY)), "model.onnx is not an ONNX graph");

        assertThat(registry.list()).isEmpty();
        assertThat(places.cached(new ModelRef("acme/junk"), "main")).isEmpty();
    }
}
