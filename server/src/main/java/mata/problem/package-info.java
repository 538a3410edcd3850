/** What can go wrong, as data. Start at {@link mata.problem.Problem}. Knows no status codes: each listener has its own. */
@NullMarked
package mata.problem;

import org.jspecify.annotations.NullMarked;
