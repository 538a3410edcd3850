/** May this caller come in? API keys, open mode. */
@NullMarked
package mata.auth;

import org.jspecify.annotations.NullMarked;
