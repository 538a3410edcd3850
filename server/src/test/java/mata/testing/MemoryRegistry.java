package mata.testing;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mata.registry.RegisteredModel;
import mata.registry.Registry;
import mata.task.ModelRef;
import mata.task.Task;

/** A registry that ends with the test. */
public final class MemoryRegistry implements Registry {

    private final Map<ModelRef, RegisteredModel> models = new LinkedHashMap<>();

    public MemoryRegistry with(String model, Task task) {
        return with(model, task, RegisteredModel.Source.HF);
    }

    public MemoryRegistry with(String model, Task task, RegisteredModel.Source source) {
        put(new RegisteredModel(new ModelRef(model), task, source, Optional.empty(), Map.of()));
        return this;
    }

    @Override
    public synchronized List<RegisteredModel> list() {
        return List.copyOf(models.values());
    }

    @Override
    public synchronized Optional<RegisteredModel> find(ModelRef model) {
        return Optional.ofNullable(models.get(model));
    }

    @Override
    public synchronized void put(RegisteredModel model) {
        models.put(model.model(), model);
    }

    @Override
    public synchronized boolean remove(ModelRef model) {
        return models.remove(model) != null;
    }
}
