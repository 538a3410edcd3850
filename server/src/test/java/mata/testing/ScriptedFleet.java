package mata.testing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import mata.fleet.Fleet;
import mata.fleet.LoadedModelView;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.task.ModelRef;
import mata.task.ModelState;
import org.jspecify.annotations.Nullable;

/** Loads and unloads in no time, or fails as it is told to. */
public final class ScriptedFleet implements Fleet {

    private final Map<ModelRef, LoadedModelView> lives = new ConcurrentSkipListMap<>();
    private volatile @Nullable Problem problem;

    public void fails(Problem with) {
        problem = with;
    }

    /** Shows this model as it is said to be. */
    public void shows(LoadedModelView life) {
        lives.put(life.model(), life);
    }

    @Override
    public void load(ModelRef model) {
        Problem now = problem;
        if (now != null) {
            throw new Rejected(now);
        }
        lives.put(
                model,
                new LoadedModelView(model, ModelState.READY, "cpu", 512_000_000, Instant.EPOCH, null, null, 1, null));
    }

    @Override
    public boolean unload(ModelRef model) {
        LoadedModelView life = lives.get(model);
        if (life == null || life.state() == ModelState.UNLOADED) {
            return false;
        }
        lives.put(
                model,
                new LoadedModelView(model, ModelState.UNLOADED, "", 0, null, null, null, life.loads(), "unloaded"));
        return true;
    }

    @Override
    public List<LoadedModelView> models() {
        return List.copyOf(lives.values());
    }
}
