/** Frames to numbers, as a model's preprocessor_config.json says (spec, section 3). Start at {@link mata.vision.prepare.ImageSteps}. */
@NullMarked
package mata.vision.prepare;

import org.jspecify.annotations.NullMarked;
