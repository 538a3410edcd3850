package mata.fleet;

import java.util.Locale;

/** Why a reader is dead (readers-status 6.3). */
public enum Reason {
    /** It broke its promise to give a sign of life. May come back. */
    SILENT,
    EXITED,
    LOAD_FAILED,
    LOAD_TIMEOUT,
    OUT_OF_MEMORY,
    /** The engine says that it cannot be used any more. */
    ENGINE_FATAL,
    /** By an operator. */
    KILLED,
    /** It died too often to be started again. */
    CRASH_LOOP;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
