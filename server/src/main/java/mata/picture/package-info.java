/** What can be told of an encoded picture from its first bytes: format and size. Decodes no pixel, so the server may use it. */
@NullMarked
package mata.picture;

import org.jspecify.annotations.NullMarked;
