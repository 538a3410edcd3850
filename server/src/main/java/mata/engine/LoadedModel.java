package mata.engine;

/** A graph with its weights on a device, ready to run. Safe to share between threads; owns native memory until closed. */
public interface LoadedModel extends AutoCloseable {

    Signature signature();

    /**
     * Runs the graph once. Outputs are on the heap and outlive the call.
     *
     * @throws mata.problem.Rejected with {@code OutOfMemory} or {@code Broken}; NaN and infinity are the caller's to notice
     */
    Tensors run(Tensors inputs);

    @Override
    void close();
}
