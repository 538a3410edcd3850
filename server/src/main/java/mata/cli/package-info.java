/** One class a command. The only package that prints. */
@NullMarked
package mata.cli;

import org.jspecify.annotations.NullMarked;
