package mata.hub;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mata.folder.NumberFormat;
import mata.problem.Rejected;
import mata.registry.RegisteredModel;
import mata.task.ModelRef;

/** Models in the hub's cache that we could serve, each with the first task it can do: what a lost registry is rebuilt from. */
public record CachedModels(HubCache cache) implements Supplier<List<RegisteredModel>> {

    @Override
    public List<RegisteredModel> get() {
        return cache.models().stream().flatMap(this::find).toList();
    }

    private Stream<RegisteredModel> find(ModelRef model) {
        Optional<Path> snapshot = cache.snapshot(model, "main");
        if (snapshot.isEmpty()) {
            return Stream.empty();
        }
        try {
            return Stream.of(new RegisteredModel(
                    model,
                    Servable.taskOf(snapshot.get(), NumberFormat.FP32),
                    RegisteredModel.Source.HF,
                    Optional.empty(),
                    Map.of()));
        } catch (Rejected notOurs) {
            return Stream.empty();
        }
    }
}
