/**
 * One running replica of one model: the loop of a reader, and the protocol it speaks with the server. Start at
 * {@link mata.reader.ReaderLoop}; the protocol is declared in {@code reader.proto}, {@link mata.reader.Wire} translates it.
 * Does not know who asks, nor that other readers exist.
 */
@NullMarked
package mata.reader;

import org.jspecify.annotations.NullMarked;
