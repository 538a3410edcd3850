/** One running replica of one model: the loop of a reader process, and the protocol it speaks with the server. */
@NullMarked
package mata.reader;

import org.jspecify.annotations.NullMarked;
