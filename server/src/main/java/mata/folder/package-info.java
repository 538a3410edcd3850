/** A model's folder as its files describe it: config.json, preprocessor_config.json, labels, graphs, and the family they make. Reads, never runs. */
@NullMarked
package mata.folder;

import org.jspecify.annotations.NullMarked;
