package mata.fleet;

/** Looks how much memory is used right now. */
@FunctionalInterface
public interface MemoryProbe {

    Memory look();
}
