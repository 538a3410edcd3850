package mata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import mata.http.ListenerOptions.Limits;
import mata.http.ListenerOptions.Timeouts;
import mata.task.Task;
import mata.testing.Answers;
import mata.testing.ScriptedScheduler.ScriptedTicket;
import mata.testing.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that leave, or stay, while their request waits. */
final class DepartureTest {

    @AutoClose
    private final TestServer server = TestServer.start();

    @BeforeEach
    void ticketsWait() {
        server.scheduler().holds();
    }

    @Test
    void aClientThatClosesItsConnectionCancelsItsTicket() throws IOException {
        try (Socket socket = ask()) {
            ticket(1);
            socket.shutdownOutput();
        }

        await().until(() -> ticket(1).isCancelled());
    }

    @Test
    void aClientThatBreaksItsConnectionCancelsItsTicket() throws IOException {
        try (Socket socket = ask()) {
            ticket(1);
            socket.setSoLinger(true, 0);
        }

        await().until(() -> ticket(1).isCancelled());
    }

    @Test
    void aClientThatStaysGetsItsAnswerAndMayAskAgain() throws IOException {
        try (Socket socket = ask()) {
            ticket(1).answer(Answers.to(Task.DETECT));
            assertThat(status(socket)).isEqualTo("HTTP/1.1 200 OK");

            socket.getOutputStream().write(request());
            ticket(2).answer(Answers.to(Task.DETECT));
            assertThat(status(socket)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void waitingForLongerThanAConnectionMayIdleIsNoReasonToEndIt() throws Exception {
        var idle = Duration.ofMillis(500);
        var timeouts = new Timeouts(idle, Duration.ofSeconds(30), Duration.ofSeconds(5));
        try (var impatient = TestServer.start(TestServer.options(Limits.documented(), timeouts));
                Socket socket = impatient.connect()) {
            impatient.scheduler().holds();
            socket.getOutputStream().write(request());
            await().until(() -> !impatient.scheduler().tickets().isEmpty());
            ScriptedTicket ticket = impatient.scheduler().tickets().getFirst();
            await().pollDelay(idle.plusMillis(300)).until(() -> !ticket.isDone());

            ticket.answer(Answers.to(Task.DETECT));

            assertThat(status(socket)).isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aClientThatSendsItsNextRequestBeforeItsAnswerIsToldThatTheConnectionEnds() throws IOException {
        try (Socket socket = ask()) {
            ticket(1);
            socket.getOutputStream().write(request());
            await().pollDelay(Duration.ofMillis(50)).until(() -> !ticket(1).isDone());

            ticket(1).answer(Answers.to(Task.DETECT));

            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(all).startsWith("HTTP/1.1 200 OK").contains("Connection: close");
            assertThat(server.scheduler().tickets()).hasSize(1);
        }
    }

    @Test
    void manyClientsThatLeaveLeaveNothingBehind() throws IOException {
        for (int i = 1; i <= 50; i++) {
            try (Socket _ = ask()) {
                ticket(i);
            }
        }

        await().until(() -> server.scheduler().tickets().stream().allMatch(ScriptedTicket::isCancelled));
    }

    private Socket ask() throws IOException {
        Socket socket = server.connect();
        socket.getOutputStream().write(request());
        return socket;
    }

    private static byte[] request() {
        String body = "{\"model\":\"test/detect\",\"image\":\"" + TestPictures.base64() + "\"}";
        return ("POST /v1/infer HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TestServer.KEY
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The so-manieth ticket, once it is there. */
    private ScriptedTicket ticket(int number) {
        await().pollInterval(Duration.ofMillis(5))
                .until(() -> server.scheduler().tickets().size() >= number);
        return server.scheduler().tickets().get(number - 1);
    }

    /** Reads one answer whole and gives its first line. */
    private static String status(Socket socket) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), 1);
        String status = reader.readLine();
        int length = 0;
        for (String line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring("Content-Length: ".length()));
            }
        }
        assertThat(reader.skip(length)).isEqualTo(length);
        return status;
    }
}
