/** REST: bytes and JSON become a request, an answer becomes JSON. Start at Routes: all paths on one screen. */
@NullMarked
package mata.http;

import org.jspecify.annotations.NullMarked;
