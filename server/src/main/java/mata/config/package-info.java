/** Settings: environment, .env and YAML, read once into one record. The only place that reads the environment. */
@NullMarked
package mata.config;

import org.jspecify.annotations.NullMarked;
