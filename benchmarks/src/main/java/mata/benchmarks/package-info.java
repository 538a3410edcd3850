/**
 * What the server costs beside the bare runtime, as ratios in one run. Start at {@link mata.benchmarks.BesideBareLoop}.
 * Never shipped.
 */
@NullMarked
package mata.benchmarks;

import org.jspecify.annotations.NullMarked;
