/** Pixels: decode, turn, resize, normalise, draw. Start at {@link mata.image.Frame}. Runs in readers and in commands, never in the server. */
@NullMarked
package mata.image;

import org.jspecify.annotations.NullMarked;
