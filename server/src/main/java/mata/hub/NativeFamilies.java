package mata.hub;

import java.util.Map;

/** Which models the server can run from their {@code safetensors} files, without an ONNX graph in the repository. */
@FunctionalInterface
public interface NativeFamilies {

    NativeFamilies NONE = config -> false;

    /** @param config the model's {@code config.json}, before any weight is fetched */
    boolean canRead(Map<String, ?> config);
}
