/**
 * Texts on their way into a graph. Start at {@link mata.vision.text.TextTokenizer}. The only package that knows the tokenizer
 * library.
 */
@NullMarked
package mata.vision.text;

import org.jspecify.annotations.NullMarked;
