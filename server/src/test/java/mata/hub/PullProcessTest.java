package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import mata.registry.FileRegistry;
import mata.registry.RegisteredModel;
import mata.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls in real processes: killed, racing each other, short of memory and of disk. */
final class PullProcessTest {

    private static final Path VIT = Path.of("src/test/resources/fixtures/classify/vit/model");
    private static final PullRequest REQUEST = new PullRequest("acme/vit", Task.CLASSIFY);

    /** More with {@code -Dmata.kills=100}. */
    private static final int KILLS = Integer.getInteger("mata.kills", 3);

    @TempDir
    private Path folder;

    private final Content weights = Content.random(8_000_000, 5);
    private LocalHub hub;
    private long total;

    @BeforeEach
    void openTheHub() throws IOException {
        hub = new LocalHub();
        byte[] graph = Files.readAllBytes(VIT.resolve("onnx/model.onnx"));
        byte[] config = Files.readAllBytes(VIT.resolve("config.json"));
        hub.put("acme/vit", "config.json", Content.of(config, false))
                .put("acme/vit", "onnx/model.onnx", Content.of(graph, true))
                .put("acme/vit", "onnx/model.onnx_data", weights);
        total = weights.size() + graph.length + config.length;
    }

    @AfterEach
    void closeTheHub() {
        hub.close();
    }

    private static List<RegisteredModel> registered(Path home) {
        return new FileRegistry(home.resolve("data"), List::of).list();
    }

    private RegisteredModel pull(Path home) throws InterruptedException {
        try (HubPull pull = PullProcess.pull(hub.endpoint(), home)) {
            return pull.pull(REQUEST, PullProgress.NONE);
        }
    }

    private Path weightsIn(Path home) {
        return home.resolve("hub/models--acme--vit/snapshots")
                .resolve(hub.commit("acme/vit"))
                .resolve("onnx/model.onnx_data");
    }

    @Test
    void aPullThatIsKilledAtAnyMomentGoesOnWhereItWas() throws Exception {
        Random random = new Random(20_261_125);
        for (int round = 0; round < KILLS; round++) {
            Path home = folder.resolve("home" + round);
            long moment = 1 + random.nextLong(total);
            hub.forget();
            Process process = PullProcess.start(List.of(), hub.endpoint(), home, "acme/vit");
            CompletableFuture<Void> killed = new CompletableFuture<>();
            hub.onServed(served -> {
                if (served >= moment && killed.complete(null)) {
                    process.destroyForcibly();
                }
            });
            killed.join();
            process.waitFor();
            assertThat(registered(home)).isEmpty();

            hub.forget();
            pull(home);

            assertThat(weightsIn(home)).hasBinaryContent(weights.all());
            assertThat(registered(home)).hasSize(1);
            // Four ranges, and what four sockets hold, may have been on their way; all else is not fetched twice.
            assertThat(hub.served()).isLessThan(total - moment + 4 * PullProcess.RANGE + 4_000_000);
        }
    }

    @Test
    void aPullInAnotherProcessIsAConflict() throws Exception {
        hub.trouble("onnx/model.onnx_data", new LocalHub.Trouble.StallAfter(1000));
        CompletableFuture<Void> underWay = new CompletableFuture<>();
        hub.onServed(served -> {
            if (served > 1_000_000) {
                underWay.complete(null);
            }
        });
        Process first = PullProcess.start(List.of(), hub.endpoint(), folder, "acme/vit");
        underWay.join();

        assertThatThrownBy(() -> pull(folder)).hasMessage("A pull of 'acme/vit' is already in progress");

        hub.release();
        assertThat(PullProcess.outputOf(first)).isEqualTo("pulled");
        assertThat(registered(folder)).hasSize(1);
    }

    @Test
    void aFileLargerThanTheMemoryIsPulled() throws Exception {
        hub.put("acme/vit", "onnx/model.onnx_data", Content.random(200_000_000, 9));

        Process process = PullProcess.start(List.of(), hub.endpoint(), folder, "acme/vit");

        assertThat(PullProcess.outputOf(process)).isEqualTo("pulled");
        assertThat(Files.size(weightsIn(folder))).isEqualTo(200_000_000);
    }

    @Test
    void aDiskThatFillsUpEndsThePullAndRegistersNothing() throws Exception {
        List<String> smallDisk = List.of(
                "unshare",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=3m tmpfs '" + folder + "' && exec \"$@\"",
                "sh");
        Assumptions.assumeTrue(canMount(), "this system lets nobody mount a small disk");

        Process process = PullProcess.start(smallDisk, hub.endpoint(), folder, "acme/vit");

        assertThat(PullProcess.outputOf(process))
                .contains("cannot pull 'acme/vit'", "No space left on device", "pull again to go on");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    private boolean canMount() throws InterruptedException {
        try {
            return new ProcessBuilder(
                                    "unshare",
                                    "--map-root-user",
                                    "--mount",
                                    "mount",
                                    "-t",
                                    "tmpfs",
                                    "tmpfs",
                                    folder.toString())
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }
}
