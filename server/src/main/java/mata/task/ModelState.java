package mata.task;

import java.util.Locale;

/** Where a registered model stands, as {@code GET /v1/models} prints it. */
public enum ModelState {
    UNLOADED,
    LOADING,
    READY,
    ACTIVE,
    IDLE,
    EVICTED;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
