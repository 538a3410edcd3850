package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
        places = new ModelPlaces(new HubCache(folder.resolve("hub")), folder.resolve("starters"));
    }

    @Test
    void aLocalFolderIsCalledWhatItsConfigurationSays() throws IOException {
        Path shapes = modelFolder("shapes", "{\"_name_or_path\": \"acme/shapes-base\"}");

        RegisteredModel pulled = pull(local(shapes));

        assertThat(pulled)
                .isEqualTo(new RegisteredModel(
                        new ModelRef("acme/shapes-base"), Task.DETECT, Source.HF, Optional.of(shapes), Map.of()));
        assertThat(registry.list()).containsExactly(pulled);
        assertThat(places.folder(pulled)).contains(shapes);
    }

    @Test
    void elseALocalFolderIsCalledByItsOwnName() throws IOException {
        assertThat(pull(local(modelFolder("my model (v2)", "{\"_name_or_path\": \"/home/ada/x\"}")))
                        .model())
                .isEqualTo(new ModelRef("local/my-model-v2-"));
        assertThat(pull(local(modelFolder(".hidden--one..", "{}"))).model())
                .isEqualTo(new ModelRef("local/hidden-one."));
        assertThat(pull(local(modelFolder("ящик", "{}"))).model()).isEqualTo(new ModelRef("local/model"));
    }

    @Test
    void aGivenNameWins() throws IOException {
        Path shapes = modelFolder("shapes", "{\"_name_or_path\": \"acme/shapes-base\"}");

        assertThat(pull(named(shapes, "me/mine")).model()).isEqualTo(new ModelRef("me/mine"));

        assertThatThrownBy(() -> pull(named(shapes, "mine"))).hasMessage("name: Expected org/name, got 'mine'");
        assertThatThrownBy(() -> pull(named(shapes, "../x"))).hasMessage("name: Expected org/name, got '../x'");
    }

    @Test
    void aDerivedNameDoesNotPushAnotherModelAside() throws IOException {
        Path first = modelFolder("first", "{\"_name_or_path\": \"acme/base\"}");
        Path second = modelFolder("second", "{\"_name_or_path\": \"acme/base\"}");
        pull(local(first));

        assertThatThrownBy(() -> pull(local(second)))
                .hasMessage("A model 'acme/base' is registered already, from " + first
                        + ": give this one a name of its own (--name org/name)");
        assertThat(pull(local(first)).folder()).contains(first);
        assertThat(pull(named(second, "acme/second")).folder()).contains(second);
    }

    @Test
    void theTaskIsCheckedAgainstTheModel() throws IOException {
        Path shapes = modelFolder("shapes", "{}");
        PullRequest wrong = new PullRequest(shapes.toString(), Task.POSE);

        assertThatThrownBy(() -> pull(wrong))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(new Problem.BadInput(
                                        "Task mismatch: 'local/shapes' is a model for detect, track, not for pose")));
        assertThat(registry.list()).isEmpty();
        assertThat(pull(new PullRequest(shapes.toString(), Task.TRACK)).task()).isEqualTo(Task.TRACK);
    }

    @Test
    void aFolderThatCannotBeServedIsNotRegistered() throws IOException {
        Path shapes = modelFolder("shapes", "{}");
        var refusal = new Rejected(new Problem.BadInput("no ONNX file"));

        assertThatThrownBy(() -> pull(local(shapes), _ -> {
                    throw refusal;
                }))
                .isSameAs(refusal);
        assertThat(registry.list()).isEmpty();
    }

    @Test
    void brokenOrMissingFoldersAreNamed() throws IOException {
        Path broken = modelFolder("broken", "{\"a\":");

        assertThatThrownBy(() -> pull(local(broken)))
                .isInstanceOf(Rejected.class)
                .hasMessageStartingWith(broken.resolve("config.json") + " is not JSON");
        assertThatThrownBy(() -> pull(local(folder.resolve("absent"))))
                .hasMessage("There is no folder " + folder.resolve("absent"));
    }

    @Test
    void aModelInTheHubsCacheIsRegisteredByName() throws IOException {
        Path snapshot = cached("facebook/detr-resnet-50", "main", COMMIT);

        RegisteredModel pulled = pull(new PullRequest("facebook/detr-resnet-50", Task.DETECT));

        assertThat(pulled)
                .isEqualTo(new RegisteredModel(
                        new ModelRef("facebook/detr-resnet-50"), Task.DETECT, Source.HF, Optional.empty(), Map.of()));
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
                    Optional.of("fp16"),
                    Optional.empty()));

            assertThat(pulled.settings()).isEqualTo(Map.of("revision", revision, "dtype", "fp16"));
            assertThat(places.folder(pulled)).contains(snapshot);
        }
        assertThatThrownBy(() -> pull(new PullRequest("facebook/detr-resnet-50", Task.DETECT)))
                .hasMessageContaining("is not on this machine");
    }

    @Test
    void aStarterModelIsFoundWhereTheProgramLies() throws IOException {
        Path starter = Files.createDirectories(folder.resolve("starters/google/movenet-lightning"));

        RegisteredModel pulled = pull(new PullRequest("google/movenet-lightning", Task.DETECT));

        assertThat(pulled.folder()).isEmpty();
        assertThat(places.folder(pulled)).contains(starter);
    }

    @Test
    void whatIsNotHereIsRefusedWithWhatCanBeDone() throws IOException {
        Files.createDirectories(folder.resolve("starters/google/movenet-lightning"));

        assertThatThrownBy(() -> pull(new PullRequest("acme/unknown", Task.DETECT)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageContaining("'acme/unknown' is not on this machine")
                .hasMessageContaining("mataserver pull ./folder --task T")
                .hasMessageContaining("google/movenet-lightning");
        assertThatThrownBy(() -> pull(new PullRequest("what is this", Task.DETECT)))
                .hasMessage("model: 'what is this' is no model: expected org/name or a folder");
    }

    @Test
    void aSecondPullOfTheSameModelIsRefusedWhileTheFirstIsUnderWay() throws IOException {
        Path shapes = modelFolder("shapes", "{}");

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
        return pull(request, _ -> List.of(Task.DETECT, Task.TRACK));
    }

    private RegisteredModel pull(PullRequest request, Function<Path, List<Task>> tasksOf) {
        return new LocalPull(registry, places, folder.resolve("locks"), tasksOf).pull(request, PullProgress.NONE);
    }

    private static PullRequest local(Path model) {
        return new PullRequest(
                model.toString(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static PullRequest named(Path model, String name) {
        return new PullRequest(
                model.toString(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(name));
    }

    private Path modelFolder(String name, String config) throws IOException {
        Path model = Files.createDirectories(folder.resolve(name));
        Files.writeString(model.resolve("config.json"), config);
        return model;
    }

    private Path cached(String id, String revision, String commit) throws IOException {
        Path repository = folder.resolve("hub/models--" + id.replace("/", "--"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs").resolve(revision), commit);
        return Files.createDirectories(repository.resolve("snapshots").resolve(commit));
    }
}
