package mata.engine;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** Tensors by name, in the graph's order. */
public final class Tensors {

    private final Map<String, Tensor> byName;

    public Tensors(Map<String, Tensor> byName) {
        this.byName = new LinkedHashMap<>(byName);
    }

    public static Tensors of(String name, Tensor tensor) {
        return new Tensors(Map.of(name, tensor));
    }

    public boolean has(String name) {
        return byName.containsKey(name);
    }

    public Set<String> names() {
        return byName.keySet();
    }

    public Map<String, Tensor> asMap() {
        return byName;
    }

    /** @throws NoSuchElementException naming what there is instead */
    public Tensor get(String name) {
        Tensor tensor = byName.get(name);
        if (tensor == null) {
            throw new NoSuchElementException("no tensor " + name + " among " + byName.keySet());
        }
        return tensor;
    }

    /** @throws NoSuchElementException where there is none of that name, or not of floats */
    public Tensor.Floats floats(String name) {
        if (get(name) instanceof Tensor.Floats floats) {
            return floats;
        }
        throw new NoSuchElementException(name + " does not hold floats");
    }

    /** @throws NoSuchElementException where there is none of that name, or not of whole numbers */
    public Tensor.Longs longs(String name) {
        if (get(name) instanceof Tensor.Longs longs) {
            return longs;
        }
        throw new NoSuchElementException(name + " does not hold whole numbers");
    }

    public Tensor first() {
        return byName.values().iterator().next();
    }
}
