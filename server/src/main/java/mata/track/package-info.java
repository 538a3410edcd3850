/**
 * Which box of this frame is which of the last: ids that stay with things while they move. Start at {@link mata.track.Tracker}.
 * Plain arithmetic over boxes: knows nothing of pixels, models or sessions.
 */
@NullMarked
package mata.track;

import org.jspecify.annotations.NullMarked;
