package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mata.config.Installation;
import mata.folder.NumberFormat;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.registry.FileRegistry;
import mata.registry.ProcessLock;
import mata.registry.RegisteredModel;
import mata.registry.RegisteredModel.Source;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.Task;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalPullTest {

    private static final String COMMIT = "0123456789012345678901234567890123456789";

    @TempDir
    Path folder;

    private Registry registry;
    private ModelPlaces places;

    @BeforeEach
    void prepare() {
        registry = new FileRegistry(folder.resolve("data"), List::of);
        places = new ModelPlaces(
                new HubCache(folder.resolve("hub")), Installation.current().starterModels());
    }

    @Test
    void aLocalFolderIsCalledWhatItsConfigurationSays() throws IOException {
        Path shapes = modelFolder("shapes", "acme/shapes-base");

        RegisteredModel pulled = pull(local(shapes));

        assertThat(pulled)
                .isEqualTo(new RegisteredModel(
                        new ModelRef("acme/shapes-base"), Task.SEGMENT, Source.HF, Optional.of(shapes), Map.of()));
        assertThat(registry.list()).containsExactly(pulled);
        assertThat(places.folder(pulled)).contains(shapes);
    }

    @Test
    void elseALocalFolderIsCalledByItsOwnName() throws IOException {
        assertThat(pull(local(modelFolder("my model (v2)", "/home/ada/x"))).model())
                .isEqualTo(new ModelRef("local/my-model-v2-"));
        assertThat(pull(local(modelFolder(".hidden--one..", ""))).model()).isEqualTo(new ModelRef("local/hidden-one."));
        assertThat(pull(local(modelFolder("ящик", ""))).model()).isEqualTo(new ModelRef("local/model"));
    }

    @Test
    void aGivenNameWins() throws IOException {
        Path shapes = modelFolder("shapes", "acme/shapes-base");

        assertThat(pull(named(shapes, "me/mine")).model()).isEqualTo(new ModelRef("me/mine"));

        assertThatThrownBy(() -> pull(named(shapes, "mine"))).hasMessage("name: Expected org/name, got 'mine'");
        assertThatThrownBy(() -> pull(named(shapes, "../x"))).hasMessage("name: Expected org/name, got '../x'");
    }

    @Test
    void aDerivedNameDoesNotPushAnotherModelAside() throws IOException {
        Path first = modelFolder("first", "acme/base");
        Path second = modelFolder("second", "acme/base");
        pull(local(first));

        assertThatThrownBy(() -> pull(local(second)))
                .hasMessage("A model 'acme/base' is registered already, from " + first
                        + ": give this one a name of its own (--name org/name)");
        assertThat(pull(local(first)).folder()).contains(first);
        assertThat(pull(named(second, "acme/second")).folder()).contains(second);
    }

    @Test
    void theTaskIsCheckedAgainstTheModel() throws IOException {
        Path shapes = modelFolder("shapes", "");

        assertThatThrownBy(() -> pull(new PullRequest(shapes.toString(), Task.POSE)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(new Problem.BadInput("task mismatch: asked for pose, but this model"
                                        + " (selfie_segmentation) can do: segment")));
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void withoutATaskTheModelsOwnIsTaken() throws IOException {
        assertThat(pull(local(modelFolder("shapes", ""))).task()).isEqualTo(Task.SEGMENT);
    }

    @Test
    void aFolderThatCannotBeServedIsNotRegistered() throws IOException {
        Path noGraph = modelFolder("no-graph", "");
        Files.delete(noGraph.resolve("onnx/model.onnx"));
        Path broken = modelFolder("broken", "");
        Files.writeString(broken.resolve("config.json"), "{\"a\":");

        assertThatThrownBy(() -> pull(new PullRequest(noGraph.toString(), Task.SEGMENT)))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("no ONNX graph model.onnx");
        assertThatThrownBy(() -> pull(local(broken)))
                .isInstanceOf(Rejected.class)
                .hasMessageStartingWith(broken.resolve("config.json") + " is not JSON");
        assertThatThrownBy(() -> pull(local(folder.resolve("absent"))))
                .hasMessage("There is no folder " + folder.resolve("absent"));
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void aVariantOfTheWeightsHasToBeThere() throws IOException {
        Path shapes = modelFolder("shapes", "");

        assertThatThrownBy(() -> pull(withDtype(shapes, "fp16"))).hasMessageContaining("no ONNX graph model_fp16.onnx");
        assertThatThrownBy(() -> pull(withDtype(shapes, "fp17")))
                .hasMessageStartingWith("dtype: Input should be one of:");

        Files.copy(shapes.resolve("onnx/model.onnx"), shapes.resolve("onnx/model_fp16.onnx"));
        assertThat(pull(withDtype(shapes, "fp16")).settings()).isEqualTo(Map.of("dtype", "fp16"));
    }

    @Test
    void aModelInTheHubsCacheIsRegisteredByName() throws IOException {
        Path snapshot = cached("facebook/detr-resnet-50", "main", COMMIT);

        RegisteredModel pulled = pull(new PullRequest("facebook/detr-resnet-50", Task.SEGMENT));

        assertThat(pulled)
                .isEqualTo(new RegisteredModel(
                        new ModelRef("facebook/detr-resnet-50"), Task.SEGMENT, Source.HF, Optional.empty(), Map.of()));
        assertThat(places.folder(pulled)).contains(snapshot);
    }

    @Test
    void aRevisionIsRememberedAndFoundByBranchOrCommit() throws IOException {
        Path snapshot = cached("facebook/detr-resnet-50", "no_timm", COMMIT);

        for (String revision : List.of("no_timm", COMMIT)) {
            RegisteredModel pulled = pull(new PullRequest(
                    "facebook/detr-resnet-50",
                    Optional.empty(),
                    Optional.of(revision),
                    Optional.empty(),
                    Optional.empty()));

            assertThat(pulled.settings()).isEqualTo(Map.of("revision", revision));
            assertThat(places.folder(pulled)).contains(snapshot);
        }
        assertThatThrownBy(() -> pull(new PullRequest("facebook/detr-resnet-50", Task.SEGMENT)))
                .hasMessageContaining("is not on this machine");
    }

    @Test
    void aStarterModelIsFoundWhereTheProgramLies() {
        RegisteredModel pulled = pull(new PullRequest("google/movenet-lightning", Task.POSE));

        assertThat(pulled.folder()).isEmpty();
        assertThat(places.folder(pulled))
                .contains(Installation.current().starterModels().resolve("google/movenet-lightning"));
    }

    @Test
    void whatIsNotHereIsRefusedWithWhatCanBeDone() {
        assertThatThrownBy(() -> pull(new PullRequest("acme/unknown", Task.DETECT)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageContaining("'acme/unknown' is not on this machine")
                .hasMessageContaining("mataserver pull ./folder --task T")
                .hasMessageContaining("google/movenet-lightning, google/selfie-segmentation");
        assertThatThrownBy(() -> pull(new PullRequest("what is this", Task.DETECT)))
                .hasMessage("model: 'what is this' is no model: expected org/name or a folder");
    }

    @Test
    void aLostRegistryIsRebuiltFromWhatTheCacheHolds() throws IOException {
        cached("facebook/detr-resnet-50", "main", COMMIT);
        Files.createDirectories(folder.resolve("hub/models--acme--interrupted/blobs"));
        Files.writeString(cached("acme/text", "main", COMMIT).resolve("config.json"), "{\"model_type\": \"bert\"}");
        Files.writeString(Files.createDirectories(folder.resolve("data")).resolve("model_registry.json"), "{");

        Registry rebuilt = new FileRegistry(folder.resolve("data"), new CachedModels(places.cache()));

        assertThat(rebuilt.list())
                .containsExactly(new RegisteredModel(
                        new ModelRef("facebook/detr-resnet-50"), Task.SEGMENT, Source.HF, Optional.empty(), Map.of()));
    }

    @Test
    void aSecondPullOfTheSameModelIsRefusedWhileTheFirstIsUnderWay() throws IOException {
        Path shapes = modelFolder("shapes", "");

        try (var _ = ProcessLock.acquire(folder.resolve("locks/pull--local--shapes.lock"))) {
            assertThatThrownBy(() -> pull(local(shapes)))
                    .isInstanceOfSatisfying(
                            Rejected.class,
                            rejected -> assertThat(rejected.problem())
                                    .isEqualTo(
                                            new Problem.Conflict("A pull of 'local/shapes' is already in progress")));
        }
        assertThat(pull(local(shapes)).model()).isEqualTo(new ModelRef("local/shapes"));
    }

    private RegisteredModel pull(PullRequest request) {
        return new LocalPull(registry, places, folder.resolve("locks"), NumberFormat.FP32)
                .pull(request, PullProgress.NONE);
    }

    private static PullRequest local(Path model) {
        return new PullRequest(
                model.toString(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static PullRequest named(Path model, String name) {
        return new PullRequest(
                model.toString(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(name));
    }

    private static PullRequest withDtype(Path model, String dtype) {
        return new PullRequest(
                model.toString(), Optional.empty(), Optional.empty(), Optional.of(dtype), Optional.empty());
    }

    /** A folder with the files of a starter model that segments; its configuration says where it came from, if not empty. */
    private Path modelFolder(String name, String nameOrPath) throws IOException {
        return fill(Files.createDirectories(folder.resolve(name)), nameOrPath);
    }

    private Path cached(String id, String revision, String commit) throws IOException {
        Path repository = folder.resolve("hub/models--" + id.replace("/", "--"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs").resolve(revision), commit);
        return fill(Files.createDirectories(repository.resolve("snapshots").resolve(commit)), "");
    }

    private static Path fill(Path model, String nameOrPath) throws IOException {
        Path starter = Installation.current().starterModels().resolve("google/selfie-segmentation");
        String config = Files.readString(starter.resolve("config.json"));
        Files.writeString(
                model.resolve("config.json"),
                nameOrPath.isEmpty() ? config : "{\"_name_or_path\": \"" + nameOrPath + "\"," + config.substring(1));
        Files.createDirectories(model.resolve("onnx"));
        Files.copy(starter.resolve("onnx/model.onnx"), model.resolve("onnx/model.onnx"));
        return model;
    }
}
