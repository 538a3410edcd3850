package mata.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Takes the bytes of one stretch in order. */
@FunctionalInterface
interface ByteSink {

    void accept(List<ByteBuffer> bytes) throws IOException;
}
