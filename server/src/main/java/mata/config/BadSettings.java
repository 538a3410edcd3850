package mata.config;

import java.util.List;

/** The settings cannot be used; nothing was started. The message lists every fault. */
public final class BadSettings extends RuntimeException {

    private final transient List<String> faults;

    BadSettings(List<String> faults) {
        super("settings: " + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
