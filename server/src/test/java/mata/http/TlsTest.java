package mata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import mata.http.ListenerOptions.Limits;
import mata.http.ListenerOptions.Timeouts;
import mata.http.ListenerOptions.Tls;
import mata.task.Task;
import mata.testing.Answers;
import mata.testing.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With certificates made for the test by the JDK's keytool. */
final class TlsTest {

    @TempDir
    private static Path folder;

    @BeforeAll
    static void makeCertificates() throws Exception {
        makeCertificate("rsa", "-keyalg", "RSA", "-keysize", "2048");
        makeCertificate("ec", "-keyalg", "EC", "-groupname", "secp256r1");
        makeCertificate("other", "-keyalg", "RSA", "-keysize", "2048");
    }

    /** Writes {@code <name>.pem} and {@code <name>.key.pem}. */
    private static void makeCertificate(String name, String... algorithm) throws Exception {
        Path store = folder.resolve(name + ".p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit"));
        command.addAll(List.of(algorithm));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
        writePem(name + ".pem", "CERTIFICATE", keys.getCertificate("server").getEncoded());
        writePem(
                name + ".key.pem",
                "PRIVATE KEY",
                keys.getKey("server", "changeit".toCharArray()).getEncoded());
    }

    private static void writePem(String file, String what, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(
                folder.resolve(file), "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, base64, what));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ec"})
    void aListenerWithACertificateSpeaksTls(String kind) throws Exception {
        try (var server = TestServer.start(options(kind, kind));
                SSLSocket socket = connect(server, kind)) {
            socket.getOutputStream()
                    .write("GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));

            String reply = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(reply).startsWith("HTTP/1.1 200 OK").contains("{\"status\":\"ok\"");
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.3");
        }
    }

    @Test
    void aClientThatLeavesIsNoticedThroughTls() throws Exception {
        String body = "{\"model\":\"test/detect\",\"image\":\"" + TestPictures.base64() + "\"}";
        try (var server = TestServer.start(options("ec", "ec"))) {
            server.scheduler().holds();
            try (SSLSocket socket = connect(server, "ec")) {
                socket.getOutputStream().write(request(body));
                Awaitility.await().until(() -> !server.scheduler().tickets().isEmpty());
            }

            Awaitility.await()
                    .until(() -> server.scheduler().tickets().getFirst().isCancelled());
        }
    }

    @Test
    void aClientThatStaysGetsItsAnswersThroughTls() throws Exception {
        String body = "{\"model\":\"test/detect\",\"image\":\"" + TestPictures.base64() + "\"}";
        try (var server = TestServer.start(options("ec", "ec"));
                SSLSocket socket = connect(server, "ec")) {
            server.scheduler().holds();
            for (int i = 0; i < 2; i++) {
                int number = i;
                socket.getOutputStream().write(request(body));
                Awaitility.await().until(() -> server.scheduler().tickets().size() > number);
                server.scheduler().tickets().get(number).answer(Answers.to(Task.DETECT));

                assertThat(readUntil(socket.getInputStream(), "}}")).startsWith("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void aKeyOfAnotherCertificateIsRefusedAtStart() {
        assertThatThrownBy(() -> TestServer.start(options("rsa", "other")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other.key.pem")
                .hasMessageContaining("does not belong");
    }

    @Test
    void aFileThatHoldsNoKeyIsNamed() throws IOException {
        Path text = Files.writeString(
                folder.resolve("note.pem"), "-----BEGIN %s-----\nAAAA\n".formatted("RSA PRIVATE KEY"));

        assertThatThrownBy(() -> PemFiles.keyStore(file("rsa.pem"), text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("note.pem")
                .hasMessageContaining("openssl pkcs8 -topk8");
        assertThatThrownBy(() -> PemFiles.keyStore(text, file("rsa.key.pem")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("note.pem");
        assertThatThrownBy(() -> PemFiles.keyStore(folder.resolve("none.pem"), file("rsa.key.pem")))
                .hasMessageContaining("none.pem");
    }

    private static byte[] request(String body) {
        return ("POST /v1/infer HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + TestServer.KEY
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String readUntil(InputStream in, String end) throws IOException {
        var read = new StringBuilder();
        while (read.indexOf(end) < 0) {
            read.append((char) in.read());
        }
        return read.toString();
    }

    private static ListenerOptions options(String certificate, String key) {
        return new ListenerOptions(
                "127.0.0.1",
                0,
                Optional.of(new Tls(file(certificate + ".pem"), file(key + ".key.pem"))),
                List.of(),
                List.of(),
                Limits.documented(),
                Timeouts.documented());
    }

    private static Path file(String name) {
        return folder.resolve(name);
    }

    /** As a client that trusts just this certificate, and checks the name it is for. */
    private static SSLSocket connect(TestServer server, String certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(file(certificate + ".pem"))) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        var socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", server.port());
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(10_000);
        return socket;
    }
}
