package mata.hub;

import java.time.Duration;

/** How time is let pass between two tries. */
@FunctionalInterface
interface Pause {

    void take(Duration length) throws InterruptedException;
}
