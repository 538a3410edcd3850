/** What models say, as plain records. Start at {@link mata.result.Result}. Knows nothing of JSON or of the wire. */
@NullMarked
package mata.result;

import org.jspecify.annotations.NullMarked;
