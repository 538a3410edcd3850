/** Checked parameters of a request. Start at {@link mata.params.Parameter}: the table of all of them. */
@NullMarked
package mata.params;

import org.jspecify.annotations.NullMarked;
