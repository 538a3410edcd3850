/** Brings models here: the Hugging Face cache and layout, local folders, pip backends. */
@NullMarked
package mata.hub;

import org.jspecify.annotations.NullMarked;
