/** Prepare, run, interpret. Start at {@link mata.vision.Pipeline}; one recipe a family. Knows tensors, not the engine behind them. */
@NullMarked
package mata.vision;

import org.jspecify.annotations.NullMarked;
