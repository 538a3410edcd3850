package mata.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import mata.hub.PullProgress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * Shows on standard error how a pull goes: a bar where somebody watches; elsewhere a line for what is begun, and one for each
 * tenth of what is measured.
 */
final class PullOutput implements PullProgress, AutoCloseable {

    private static final long MEGA = 1_000_000;

    /** Over before anybody wonders. */
    private static final Set<String> QUICK = Set.of("resolving", "verifying");

    private final PrintStream err;
    private final boolean watched;
    private Optional<ProgressBar> bar = Optional.empty();
    private String status = "";
    private long tenth;

    PullOutput(Surroundings surroundings) {
        this.err = surroundings.err();
        this.watched = surroundings.isWatched().getAsBoolean();
    }

    @Override
    public void report(String now, String file, long completed, long total) {
        if (!now.equals(status)) {
            close();
            status = now;
            tenth = 0;
            if (total <= 0 && !QUICK.contains(now)) {
                err.println(file.isEmpty() ? now : now + " " + file);
            }
        }
        if (total > 0 && watched) {
            bar.orElseGet(() -> begin(total)).stepTo(completed);
        } else if (total > 0 && 10 * completed / total > tenth) {
            tenth = 10 * completed / total;
            err.printf(Locale.ROOT, "%s: %d %% of %.1f MB%n", now, 10 * tenth, (double) total / MEGA);
        }
    }

    private ProgressBar begin(long total) {
        ProgressBar begun = new ProgressBarBuilder()
                .setTaskName(status)
                .setInitialMax(total)
                .setUnit(" MB", MEGA)
                .setConsumer(new ConsoleProgressBarConsumer(err))
                .build();
        bar = Optional.of(begun);
        return begun;
    }

    @Override
    public void warn(String message) {
        err.println("warning: " + message);
    }

    @Override
    public void close() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
