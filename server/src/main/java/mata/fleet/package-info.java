/**
 * All readers as the server sees them: starts, heartbeats, life and death, and which models are in memory. Start at
 * {@link mata.fleet.Fleet}. What is believed about readers and models is an immutable {@code FleetState}; a pure function
 * turns it and an event into the next one and into what has to be done, which {@link mata.fleet.ReaderFleet} does.
 */
@NullMarked
package mata.fleet;

import org.jspecify.annotations.NullMarked;
