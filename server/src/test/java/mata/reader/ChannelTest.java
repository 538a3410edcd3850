package mata.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import mata.task.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ChannelTest {

    enum Carrier {
        MEMORY,
        UNIX_SOCKET
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void messagesArriveWholeAndInOrder(Carrier carrier) throws Exception {
        var pair = pair(carrier);

        pair.reader().send(List.of(Wire.heartbeat(10, 1), Wire.claim(2)));
        pair.reader().send(Wire.claim(3));

        assertThat(pair.server().receive()).contains(Wire.heartbeat(10, 1));
        assertThat(pair.server().receive()).contains(Wire.claim(2));
        assertThat(pair.server().receive()).contains(Wire.claim(3));
    }

    @ParameterizedTest
    @EnumSource
    void aPictureOfManyMegabytesPassesWhileTheOtherSideReads(Carrier carrier) throws Exception {
        var pair = pair(carrier);
        var picture = new byte[20_000_000];
        new Random(1).nextBytes(picture);
        Command job = Wire.job(1, Task.DETECT, picture, "", Duration.ofSeconds(1));

        var received = CompletableFuture.supplyAsync(() -> pair.reader().receive());
        pair.server().send(job);

        assertThat(received.join()).contains(job);
        assertThat(Wire.bytes(received.join().orElseThrow().getJob().getPicture()))
                .isEqualTo(picture);
    }

    @ParameterizedTest
    @EnumSource
    void whatWasSentBeforeTheEndIsStillReceived(Carrier carrier) throws Exception {
        var pair = pair(carrier);

        pair.reader().send(Wire.claim(1));
        pair.reader().close();

        assertThat(pair.server().receive()).contains(Wire.claim(1));
        assertThat(pair.server().receive()).isEmpty();
        assertThat(pair.server().receive()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void closingWakesWhoeverWaitsToReceive(Carrier carrier) throws Exception {
        var pair = pair(carrier);
        var received = CompletableFuture.supplyAsync(() -> pair.server().receive());

        pair.server().close();

        assertThat(received.join()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void nothingCanBeSentAfterTheEnd(Carrier carrier) throws Exception {
        var pair = pair(carrier);

        pair.reader().close();

        assertThatThrownBy(() -> pair.reader().send(Wire.claim(1))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> {
                    // A socket may take one message before it notices.
                    pair.server().send(drain());
                    pair.server().send(drain());
                })
                .isInstanceOf(IOException.class);
    }

    @Test
    void anEndInsideAMessageIsAnEnd() throws Exception {
        try (var raw = rawSocket();
                var server = UnixChannel.accepted(raw.accepted())) {
            raw.client().write(ByteBuffer.wrap(new byte[] {100, 1, 2, 3}));
            raw.client().close();

            assertThat(server.receive()).isEmpty();
        }
    }

    @Test
    void aMessageOfAnAbsurdLengthEndsTheConversation() throws Exception {
        try (var raw = rawSocket();
                var server = UnixChannel.accepted(raw.accepted())) {
            raw.client().write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 7}));

            assertThat(server.receive()).isEmpty();
            assertThat(raw.accepted().isOpen()).isFalse();
        }
    }

    private MemoryChannel.Pair pair(Carrier carrier) throws IOException {
        if (carrier == Carrier.MEMORY) {
            return MemoryChannel.pair();
        }
        Path path = folder.resolve("socket");
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(path));
            Channel<Command, Event> reader = UnixChannel.connect(path);
            return new MemoryChannel.Pair(UnixChannel.accepted(listening.accept()), reader);
        }
    }

    private record RawSocket(SocketChannel client, SocketChannel accepted) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    private RawSocket rawSocket() throws IOException {
        var address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(address);
            return new RawSocket(SocketChannel.open(address), listening.accept());
        }
    }

    private static Command drain() {
        return Command.newBuilder()
                .setDrain(mata.reader.wire.Drain.getDefaultInstance())
                .build();
    }
}
