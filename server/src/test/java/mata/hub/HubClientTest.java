package mata.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.ModelRef;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HubClientTest {

    private static final ModelRef MODEL = new ModelRef("acme/eye");
    private static final HubClient.Timeouts SHORT =
            new HubClient.Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofMillis(200));

    private final List<Duration> pauses = new ArrayList<>();
    private LocalHub hub;

    @BeforeEach
    void openTheHub() throws IOException {
        hub = new LocalHub();
        hub.put("acme/eye", "config.json", "{}");
    }

    @AfterEach
    void closeTheHub() {
        hub.close();
    }

    private HubClient client(HubAccess access) {
        return new HubClient(access, SHORT, pauses::add);
    }

    private HubClient client() {
        return client(HubAccess.to(hub.endpoint()));
    }

    private static void assertRejected(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class))
                .hasMessageContainingAll(words);
    }

    @Test
    void aListingNamesTheCommitAndEveryFileWithSizeAndHash() throws Exception {
        Content weights = Content.random(5000, 1);
        hub.put("acme/eye", "onnx/model.onnx", weights).tag("acme/eye", "v1.0");

        try (HubClient client = client()) {
            RepoListing listing = client.list(MODEL, "v1.0");

            assertThat(listing.commit()).isEqualTo(hub.commit("acme/eye"));
            assertThat(listing.files())
                    .extracting(RepoFile::path, RepoFile::size, RepoFile::etag)
                    .containsExactlyInAnyOrder(
                            // git's own figure: printf '{}' | git hash-object --stdin
                            tuple("config.json", 2L, "9e26dfeeb6e641a33dae4961196235bdb965b21b"),
                            tuple("onnx/model.onnx", 5000L, weights.etag()));
        }
    }

    @Test
    void aLongListingIsReadPageByPage() throws Exception {
        IntStream.range(0, 25).forEach(i -> hub.put("acme/eye", "part" + i + ".txt", "x" + i));
        hub.pagesOf(10);

        try (HubClient client = client()) {
            assertThat(client.list(MODEL, "main").files()).hasSize(26);
        }
    }

    @Test
    void theTokenGoesToTheHubAndNotToTheStoreBehindIt() throws Exception {
        hub.token("secret")
                .put("acme/eye", "onnx/model.onnx", Content.random(5000, 1))
                .close("acme/eye");

        try (HubClient client = client(HubAccess.to(hub.endpoint()).withToken("secret"))) {
            RepoListing listing = client.list(MODEL, "main");
            RepoFile file = listing.find("onnx/model.onnx").orElseThrow();
            RemoteBlob remote = client.locate(listing, file);
            HubFaults faults = new HubFaults(HubAccess.to(hub.endpoint()), MODEL, "main");
            client.receive(faults, remote, 0, 5000, bytes -> {});

            assertThat(hub.asked())
                    .filteredOn(asked -> asked.server().equals("hub"))
                    .allSatisfy(asked -> assertThat(asked.token()).contains("Bearer secret"));
            assertThat(hub.asked())
                    .filteredOn(asked -> asked.server().equals("store"))
                    .hasSize(1)
                    .allSatisfy(asked -> assertThat(asked.token()).isEmpty());
        }
    }

    @Test
    void aPrivateRepositoryAWrongNameAndAWrongRevisionAreToldApart() {
        hub.token("secret").put("acme/hidden", "config.json", "{}").close("acme/hidden");
        try (HubClient stranger = client();
                HubClient friend = client(HubAccess.to(hub.endpoint()).withToken("secret"));
                HubClient liar = client(HubAccess.to(hub.endpoint()).withToken("stale"))) {
            assertRejected(
                    () -> stranger.list(new ModelRef("acme/hidden"), "main"),
                    "acme/hidden",
                    "private or gated",
                    "HF_TOKEN");
            assertRejected(() -> friend.list(new ModelRef("acme/nobody"), "main"), "no model 'acme/nobody'");
            assertRejected(() -> friend.list(MODEL, "v9"), "no revision 'v9'");
            assertRejected(() -> liar.list(MODEL, "main"), "does not take the token of HF_TOKEN");
        }
        assertThat(pauses).isEmpty();
    }

    @Test
    void aGatedRepositorySaysWhereItsTermsAre() {
        hub.token("secret").gate("acme/eye");
        try (HubClient client = client()) {
            assertRejected(() -> client.list(MODEL, "main"), "gated", hub.endpoint() + "/acme/eye", "HF_TOKEN");
        }
    }

    @Test
    void aRateLimitIsWaitedForAsLongAsTheHubSays() throws Exception {
        hub.trouble("config.json", new LocalHub.Trouble.Status(429, Map.of("Retry-After", "7")));
        try (HubClient client = client()) {
            RepoListing listing = client.list(MODEL, "main");
            RemoteBlob remote = client.locate(listing, listing.files().getFirst());
            HubFaults faults = new HubFaults(HubAccess.to(hub.endpoint()), MODEL, "main");

            assertThatThrownBy(() -> client.receive(faults, remote, 0, 2, bytes -> {}))
                    .isInstanceOfSatisfying(
                            HubClient.Later.class,
                            later -> assertThat(later.wished).contains(Duration.ofSeconds(7)));
        }
    }

    @Test
    void aListIsAskedForAgainWhenTheHubSaysItMayBe() throws Exception {
        String address = "/api/models/acme/eye/revision/main";
        hub.trouble(
                address,
                new LocalHub.Trouble.Status(429, Map.of("Retry-After", "7")),
                new LocalHub.Trouble.Status(429, Map.of("RateLimit", "\"api\";r=0;t=55")),
                new LocalHub.Trouble.Status(503, Map.of("Retry-After", "Mon, 01 Jan 2001 00:00:00 GMT")));
        try (HubClient client = client()) {
            assertThat(client.list(MODEL, "main").files()).hasSize(1);
        }
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(55), Duration.ZERO);

        hub.trouble(address, new LocalHub.Trouble.Status(429, Map.of("Retry-After", "86400")));
        try (HubClient client = client()) {
            assertRejected(() -> client.list(MODEL, "main"), "limits how often", "HF_TOKEN", "in 86400 s");
        }
    }

    @Test
    void aServerInTroubleIsToldApartFromAMissingModel() {
        hub.trouble(
                "/api/models/acme/eye/revision/main",
                new LocalHub.Trouble.Status(501, Map.of("X-Error-Message", "not today")));
        try (HubClient client = client()) {
            assertRejected(
                    () -> client.list(MODEL, "main"), "answers 501 for 'acme/eye': not today", "pull again later");
        }
    }

    @Test
    void allGoesThroughTheProxyAndWhatItRefusesIsNamed() throws Exception {
        // A proxy takes the whole address in its first line; for our hub that is as good as the path alone.
        HubAccess behindProxy = new HubAccess(
                URI.create("http://hub.example"),
                Optional.empty(),
                Map.of("http", hub.endpoint()),
                List.of("127.0.0.1"));
        try (HubClient client = client(behindProxy)) {
            assertThat(client.list(MODEL, "main").files()).hasSize(1);

            hub.trouble(
                    "/api/models/acme/eye/revision/main",
                    new LocalHub.Trouble.Status(407, Map.of("Proxy-Authenticate", "Basic")));
            assertRejected(() -> client.list(MODEL, "main"), "the proxy wants a name and a password");
        }
    }

    @Test
    void patienceEndsAfterFiveFailuresAndWaitsLongerEachTime() throws Exception {
        Patience patience = new Patience(pauses::add);

        List<Boolean> endured = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            endured.add(patience.endures(Optional.empty()));
        }

        assertThat(endured).containsExactly(true, true, true, true, false);
        assertThat(pauses).isSorted().doesNotHaveDuplicates();
        assertThat(new Patience(pauses::add).endures(Optional.of(Duration.ofHours(1))))
                .isFalse();
    }

    @Test
    void whereNobodyListensTheMessageSaysWhatToDo() throws Exception {
        int freePort;
        try (ServerSocket socket = new ServerSocket(0)) {
            freePort = socket.getLocalPort();
        }
        try (HubClient client = client(HubAccess.to(URI.create("http://127.0.0.1:" + freePort)))) {
            assertRejected(() -> client.list(MODEL, "main"), "nothing listens at 127.0.0.1", "import", "HTTPS_PROXY");
        }
    }

    @Test
    void aServerThatIsNoHubIsNamedAsThat() throws Exception {
        HttpServer portal = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        portal.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("<html>sign in to the wireless".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        portal.start();
        URI address = URI.create("http://127.0.0.1:" + portal.getAddress().getPort());
        try (HubClient client = client(HubAccess.to(address))) {
            assertRejected(() -> client.list(MODEL, "main"), "is not a hub", "JSON", "HF_ENDPOINT");
        } finally {
            portal.stop(0);
        }
    }

    @Test
    void aPathThatLeavesTheRepositoryEndsThePull() {
        hub.put("acme/eye", "../../../.ssh/authorized_keys", "mine");
        try (HubClient client = client()) {
            assertRejected(() -> client.list(MODEL, "main"), "outside of the repository");
        }
    }

    @Test
    void noPathLeavesTheFolder() {
        assertThat(List.of("model.onnx", "onnx/model.onnx", "a..b/c", ".hidden"))
                .allMatch(HubClient::isInside);
        assertThat(List.of("../x", "/etc/passwd", "a//b", "a/../../b", "C:x", "a\\b", "", "a/.", "x\n"))
                .noneMatch(HubClient::isInside);
    }

    @Test
    void aProxyIsUsedExceptForHostsThatGoDirectly() {
        HubProxies proxies = new HubProxies(
                Map.of("https", URI.create("http://proxy.corp:3128")), List.of(".corp", "localhost", "hub.local:8443"));

        assertThat(proxies.select(URI.create("https://huggingface.co/x"))
                        .getFirst()
                        .address())
                .hasToString("proxy.corp/<unresolved>:3128");
        assertThat(List.of(
                        "https://mirror.corp/x",
                        "https://localhost/x",
                        "https://hub.local:8443/x",
                        "http://huggingface.co/x"))
                .allSatisfy(
                        direct -> assertThat(proxies.select(URI.create(direct))).containsExactly(Proxy.NO_PROXY));
    }
}
