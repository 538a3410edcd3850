package mata.graph.family;

import java.util.List;
import mata.graph.build.Graph;
import mata.graph.build.Value;

/** Places as rotations: the first half of a head's features turns with the second. */
final class Rotary {

    private Rotary() {}

    /** @param angles half as long as x along the last axis, of a shape that spreads over x */
    static Value turned(Value x, Value angles) {
        int half = x.width(-1) / 2;
        List<Value> halves = x.split(-1, half, half);
        Value cos = angles.cos();
        Value sin = angles.sin();
        Value first = halves.get(0).times(cos).minus(halves.get(1).times(sin));
        Value second = halves.get(1).times(cos).plus(halves.get(0).times(sin));
        return Graph.concat(-1, first, second);
    }
}
