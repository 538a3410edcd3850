/**
 * A small language for ONNX graphs in which a model's builder reads like the model. Start at {@link mata.graph.build.Graph};
 * {@link mata.graph.build.Layer} gives the layers of a checkpoint, {@link mata.graph.build.Value} the arithmetic.
 */
@NullMarked
package mata.graph.build;

import org.jspecify.annotations.NullMarked;
