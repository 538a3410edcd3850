package mata.hub;

import java.io.IOException;

/** The disk failed, not the network: asking the hub again is of no use. */
final class LocalFault extends IOException {

    LocalFault(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
