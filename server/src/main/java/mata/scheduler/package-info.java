/**
 * Tickets, order, deadlines. Start at {@link mata.scheduler.Scheduler}; {@link mata.scheduler.FifoScheduler} is the one there is.
 * Knows jobs, not HTTP; readers only through the fleet.
 */
@NullMarked
package mata.scheduler;

import org.jspecify.annotations.NullMarked;
