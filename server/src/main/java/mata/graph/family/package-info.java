/**
 * One builder per family of models, each with the names of the published checkpoints and the tensor names of the usual ONNX
 * exports. Start at {@link mata.graph.family.Family}.
 */
@NullMarked
package mata.graph.family;

import org.jspecify.annotations.NullMarked;
