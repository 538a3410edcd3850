/**
 * PP-OCR (spec 12.1): where text is, which way up it stands, what it says. Start at {@link mata.vision.ppocr.PpOcr}. Knows
 * frames and tensors, not the pipeline around it.
 */
@NullMarked
package mata.vision.ppocr;

import org.jspecify.annotations.NullMarked;
