package mata.reader;

import mata.reader.wire.Load;

/** Turns what the server asks a reader to hold into something that runs. */
@FunctionalInterface
public interface ModelLoader {

    /**
     * Called once, before any job. The loop warms the model up, and closes it when it ends.
     *
     * @throws mata.problem.Rejected BadInput (files that are no model of ours), OutOfMemory, or Broken
     */
    OpenModel open(Load load);
}
