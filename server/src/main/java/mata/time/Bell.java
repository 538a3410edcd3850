package mata.time;

import java.time.Duration;
import java.util.Optional;

/**
 * One alarm for many deadlines: it rings at the earliest, or too early, which must do no harm; so that a deadline that passes
 * away unreached, as most do, costs nothing. Guarded by its owner.
 */
public final class Bell {

    private record Setting(Duration moment, Time.Alarm alarm) {}

    private final Time time;
    private final Runnable action;
    private Optional<Setting> setting = Optional.empty();

    /** @param action called on the thread of {@code time}; its first act is {@link #rung} */
    public Bell(Time time, Runnable action) {
        this.time = time;
        this.action = action;
    }

    /** Rings at this moment, unless it rings before. */
    public void ringBy(Duration deadline) {
        if (setting.filter(set -> set.moment().compareTo(deadline) <= 0).isEmpty()) {
            setting.ifPresent(set -> set.alarm().cancel());
            setting = Optional.of(new Setting(deadline, time.at(deadline, action)));
        }
    }

    /** It has rung, and is to be set again for what is still to come. */
    public void rung() {
        setting = Optional.empty();
    }
}
