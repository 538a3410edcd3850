/** The engine's contract: tensors and devices. Start at {@link mata.engine.Engine}. Has not heard of tasks, pictures or HTTP. */
@NullMarked
package mata.engine;

import org.jspecify.annotations.NullMarked;
