/** Clocks that tests can stop. Start at {@link mata.time.Time}. */
@NullMarked
package mata.time;

import org.jspecify.annotations.NullMarked;
