package mata.fleet;

import java.nio.file.Path;
import java.util.List;

/** How a reader process is started: {@code java … mataserver reader --socket PATH --reader ID --incarnation N}. */
@FunctionalInterface
public interface ReaderCommandLine {

    List<String> of(Path socket, Incarnation reader);
}
