/**
 * Weights in the safetensors format: which tensors a file holds, and where. Start at {@link mata.safetensors.SafeTensors}. Knows
 * headers and byte ranges; has not heard of models or graphs.
 */
@NullMarked
package mata.safetensors;

import org.jspecify.annotations.NullMarked;
