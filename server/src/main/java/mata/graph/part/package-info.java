/**
 * Parts of an exported graph, each a graph of its own over the same weights, which stay where they lie. Start at
 * {@link mata.graph.part.WholeGraph}. Reads and writes graphs, never runs them.
 */
@NullMarked
package mata.graph.part;

import org.jspecify.annotations.NullMarked;
