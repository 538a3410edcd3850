/** What models can be asked to do, and what they are called. Plain vocabulary: knows nothing else of ours. */
@NullMarked
package mata.task;

import org.jspecify.annotations.NullMarked;
