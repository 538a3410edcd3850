package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mata.config.Settings;
import mata.problem.Rejected;
import mata.registry.FileRegistry;
import mata.registry.RegisteredModel;
import mata.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All parts of pulling together, built from settings as the program builds them. */
final class AnyPullerTest {

    private static final Path VIT = Path.of("src/test/resources/fixtures/classify/vit/model");

    @TempDir
    private Path home;

    private LocalHub hub;

    @BeforeEach
    void openTheHub() throws IOException {
        hub = new LocalHub();
        hub.putFolder("acme/vit", VIT);
    }

    @AfterEach
    void closeTheHub() {
        hub.close();
    }

    private RegisteredModel pull(String model, Task task, Map<String, String> more) throws InterruptedException {
        Map<String, String> environment = new LinkedHashMap<>(Map.of(
                "HOME", home.toString(),
                "HF_ENDPOINT", hub.endpoint().toString(),
                "MATA_SERVER_DATA_DIR", home.resolve("data").toString()));
        environment.putAll(more);
        Settings settings = Settings.read(environment, home);
        ModelPlaces places = new ModelPlaces(new HubCache(settings.hub().cache()), home.resolve("starters"));
        FileRegistry registry = new FileRegistry(settings.dataDir(), List::of);
        return AnyPuller.of(settings, registry, places, NativeFamilies.NONE)
                .pull(new PullRequest(model, task), PullProgress.NONE);
    }

    @Test
    void aNameIsPulledFromTheHubAndAFolderIsTakenWhereItLies() throws Exception {
        assertThat(pull("acme/vit", Task.CLASSIFY, Map.of()).folder()).isEmpty();
        assertThat(pull(VIT.toAbsolutePath().toString(), Task.CLASSIFY, Map.of())
                        .folder())
                .contains(VIT.toAbsolutePath());
    }

    @Test
    void aModelThatCameWithTheProgramNeedsNoHub() throws Exception {
        Path starter = home.resolve("starters/acme/starter/onnx");
        Files.createDirectories(starter);
        Files.copy(VIT.resolve("config.json"), starter.resolveSibling("config.json"));
        Files.copy(VIT.resolve("onnx/model.onnx"), starter.resolve("model.onnx"));

        pull("acme/starter", Task.CLASSIFY, Map.of());

        assertThat(hub.asked()).isEmpty();
    }

    @Test
    void withTheNetworkShutOffTheCacheHasToDo() throws Exception {
        assertThatThrownBy(() -> pull("acme/vit", Task.CLASSIFY, Map.of("HF_HUB_OFFLINE", "1")))
                .isInstanceOf(Rejected.class)
                .hasMessageContaining("'acme/vit' is not on this machine, and the network is shut off");
        assertThat(hub.asked()).isEmpty();

        pull("acme/vit", Task.CLASSIFY, Map.of());
        hub.forget();
        pull("acme/vit", Task.CLASSIFY, Map.of("MATA_SERVER_OFFLINE", "true"));

        assertThat(hub.asked()).isEmpty();
    }

    @Test
    void aHubThatDoesNotAnswerIsNoFaultForWhatIsCached() throws Exception {
        pull("acme/vit", Task.CLASSIFY, Map.of());
        hub.close();

        assertThat(pull("acme/vit", Task.CLASSIFY, Map.of()).model().id()).isEqualTo("acme/vit");
        assertThatThrownBy(() -> pull("acme/other", Task.CLASSIFY, Map.of()))
                .hasMessageContaining("nothing listens at 127.0.0.1");
    }

    @Test
    void addressesThatCannotBeAreNamedByTheirVariable() {
        assertThatThrownBy(() -> pull("acme/vit", Task.CLASSIFY, Map.of("HF_ENDPOINT", "huggingface")))
                .hasMessage("HF_ENDPOINT is no web address (https://host): huggingface");
        assertThatThrownBy(() -> pull("acme/vit", Task.CLASSIFY, Map.of("HTTPS_PROXY", "socks5://localhost:1080")))
                .hasMessageContaining("HTTPS_PROXY: only proxies that speak HTTP");
    }
}
