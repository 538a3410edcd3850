/** Small pure pieces of what comes after a run (spec, section 4). Know numbers and results, no tensors' names. */
@NullMarked
package mata.vision.interpret;

import org.jspecify.annotations.NullMarked;
