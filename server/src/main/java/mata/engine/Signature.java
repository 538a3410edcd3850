package mata.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a graph takes and gives. Free dimensions are -1. */
public record Signature(List<Port> inputs, List<Port> outputs, Map<String, String> metadata) {

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        metadata = Map.copyOf(metadata);
    }

    /** One input or output. */
    @SuppressWarnings("ArrayRecordComponent") // read only, never compared
    public record Port(String name, ElementType type, long... shape) {}

    public Optional<Port> input(String name) {
        return inputs.stream().filter(port -> port.name().equals(name)).findFirst();
    }

    public Optional<Port> output(String name) {
        return outputs.stream().filter(port -> port.name().equals(name)).findFirst();
    }
}
