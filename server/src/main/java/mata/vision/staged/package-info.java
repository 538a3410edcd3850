/** Families of several graphs, run one after the other. Start at {@link mata.vision.staged.Stages}. Knows no family. */
@NullMarked
package mata.vision.staged;

import org.jspecify.annotations.NullMarked;
