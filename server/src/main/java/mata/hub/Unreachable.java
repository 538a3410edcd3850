package mata.hub;

import java.io.IOException;

/** The hub did not answer at all: what is in the cache may have to do. */
final class Unreachable extends IOException {

    Unreachable(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
