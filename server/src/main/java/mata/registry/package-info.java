/** Which models we know. Start at {@link mata.registry.Registry}. */
@NullMarked
package mata.registry;

import org.jspecify.annotations.NullMarked;
