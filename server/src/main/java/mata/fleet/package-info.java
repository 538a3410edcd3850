/** All readers as the server sees them: starts, heartbeats, life and death. Start at {@link mata.fleet.Fleet}. */
@NullMarked
package mata.fleet;

import org.jspecify.annotations.NullMarked;
