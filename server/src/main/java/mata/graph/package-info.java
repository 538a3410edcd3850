/**
 * Runnable graphs straight from a checkpoint's own weights: config.json and safetensors in, ONNX out, weights left where they lie.
 * Start at {@link mata.graph.NativeModels}. Writes graphs, never runs them; has not heard of pictures or engines.
 */
@NullMarked
package mata.graph;

import org.jspecify.annotations.NullMarked;
