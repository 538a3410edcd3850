package mata.hub;

import java.util.OptionalLong;
import mata.registry.RegisteredModel;

/** How much room models take on disk. */
public interface ModelSizes {

    /** @return bytes of the model's files; empty for pip backends and where nothing is on disk */
    OptionalLong bytes(RegisteredModel model);
}
