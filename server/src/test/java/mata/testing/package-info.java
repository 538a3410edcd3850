/** Parts that tests of several packages share: a clock that stands still, models that do as they are told. */
@NullMarked
package mata.testing;

import org.jspecify.annotations.NullMarked;
