/** ONNX Runtime behind the engine's contract. The only package that names it. */
@NullMarked
package mata.engine.ort;

import org.jspecify.annotations.NullMarked;
