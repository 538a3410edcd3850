/** May this caller come in? API keys, open mode. Start at {@link mata.auth.Gate}. Knows no sockets and no status codes. */
@NullMarked
package mata.auth;

import org.jspecify.annotations.NullMarked;
