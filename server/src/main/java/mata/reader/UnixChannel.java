package mata.reader;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import mata.reader.wire.Command;
import mata.reader.wire.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A conversation over a Unix domain socket: each message preceded by its length as a varint. A picture goes out of the array
 * it lies in and is not copied again on the way in: the message that holds it points into the array that was read.
 */
public final class UnixChannel<I extends MessageLite, O extends MessageLite> implements Channel<I, O> {

    private static final Logger LOG = LoggerFactory.getLogger(UnixChannel.class);

    /** Far above the largest picture and the largest depth map; a longer message is not ours. */
    private static final int LONGEST = 1 << 30;

    private static final int BUFFER = 16 * 1024;

    private final SocketChannel socket;
    private final Parser<I> parser;
    private final InputStream in;
    private final CodedOutputStream out;

    private UnixChannel(SocketChannel socket, Parser<I> parser) {
        this.socket = socket;
        this.parser = parser;
        this.in = new BufferedInputStream(Channels.newInputStream(socket), BUFFER);
        this.out = CodedOutputStream.newInstance(Channels.newOutputStream(socket), BUFFER);
    }

    /** The reader's end. */
    public static Channel<Command, Event> connect(Path path) throws IOException {
        return new UnixChannel<>(SocketChannel.open(UnixDomainSocketAddress.of(path)), Command.parser());
    }

    /** The server's end, of a connection it has accepted. */
    public static Channel<Event, Command> accepted(SocketChannel socket) {
        return new UnixChannel<>(socket, Event.parser());
    }

    @Override
    public void send(List<? extends O> messages) throws IOException {
        synchronized (out) {
            for (O message : messages) {
                out.writeUInt32NoTag(message.getSerializedSize());
                message.writeTo(out);
            }
            out.flush();
        }
    }

    @Override
    public Optional<I> receive() {
        try {
            int first = in.read();
            return first < 0 ? Optional.empty() : Optional.of(parse(CodedInputStream.readRawVarint32(first, in)));
        } catch (InvalidProtocolBufferException e) {
            LOG.error("not a message of ours, closing", e);
            close();
            return Optional.empty();
        } catch (IOException e) {
            LOG.debug("the conversation ended", e);
            return Optional.empty();
        }
    }

    private I parse(int length) throws IOException {
        if (length < 0 || length > LONGEST) {
            throw new InvalidProtocolBufferException("a message of " + Integer.toUnsignedLong(length) + " bytes");
        }
        var bytes = new byte[length];
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new EOFException("ended inside a message");
        }
        CodedInputStream coded = CodedInputStream.newInstance(bytes);
        coded.enableAliasing(true);
        return parser.parseFrom(coded);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a socket", e);
        }
    }
}
