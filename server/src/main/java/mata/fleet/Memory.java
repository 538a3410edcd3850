package mata.fleet;

/** The memory of the machine, or of the part of it that this server may use, in bytes. */
public record Memory(long usedBytes, long totalBytes) {}
