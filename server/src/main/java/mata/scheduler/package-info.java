/** Tickets, order, deadlines. Start at {@link mata.scheduler.Scheduler}. Knows jobs, not HTTP; readers only through the fleet. */
@NullMarked
package mata.scheduler;

import org.jspecify.annotations.NullMarked;
