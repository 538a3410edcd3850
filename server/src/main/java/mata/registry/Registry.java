package mata.registry;

import java.util.List;
import java.util.Optional;
import mata.task.ModelRef;

/** Which models we know: {@code model_registry.json} in the data folder, shared by server and command line. */
public interface Registry {

    /** In the order of registration. Sees what another process changed within a second. */
    List<RegisteredModel> list();

    Optional<RegisteredModel> find(ModelRef model);

    /** Adds or replaces, and is on disk when it returns. */
    void put(RegisteredModel model);

    /** @return whether it was there */
    boolean remove(ModelRef model);
}
