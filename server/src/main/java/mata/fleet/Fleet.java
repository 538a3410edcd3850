package mata.fleet;

import java.util.List;
import mata.task.ModelRef;

/** All readers, as the server sees them: starts them, hears them, ends them. */
public interface Fleet {

    /**
     * Loads the model unless it is loaded, and returns when it is ready. A hundred callers at once cause one load.
     *
     * @throws mata.problem.Rejected Missing (not registered), OutOfMemory (507), Broken or BadInput (load failed, with why)
     */
    void load(ModelRef model) throws InterruptedException;

    /**
     * Ends the model's readers once their work in hand is done; their memory goes back to the machine.
     *
     * @return whether there was anything to unload
     */
    boolean unload(ModelRef model) throws InterruptedException;

    /** One moment's view, immutable: one entry for each model that is or was in memory since the start. */
    List<LoadedModelView> models();
}
