package mata.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import mata.testing.TestServer;
import org.junit.jupiter.api.Test;

final class HealthTest {

    @Test
    void healthAnswersWithoutAKey() {
        try (var server = TestServer.start()) {
            var reply =
                    server.send(HttpRequest.newBuilder(server.uri("/v1/health")).build());

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Content-Type")).isEqualTo("application/json");
            assertThat(reply.text()).isEqualTo("{\"status\":\"ok\",\"version\":\"0.6.0\",\"gpu_available\":false}");
        }
    }
}
