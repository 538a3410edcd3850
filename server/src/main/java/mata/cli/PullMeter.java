package mata.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import mata.hub.PullProgress;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows how long work goes: a bar with bytes, rate and time left on a terminal, and a plain line now and then elsewhere. */
final class PullMeter implements PullProgress, AutoCloseable {

    private static final int WIDTH = 79;
    private static final long MEGA = 1_000_000;

    /** Plain lines come each time another tenth is done. */
    private static final int STEPS = 10;

    private final PrintStream out;
    private final boolean terminal;
    private Optional<ProgressBar> bar = Optional.empty();
    private String lastStatus = "";
    private long lastStep = -1;

    /** @param terminal whether a line may be written over */
    PullMeter(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void report(String status, String file, long completed, long total) {
        if (total <= 0) {
            announce(status);
        } else if (terminal) {
            draw(status, completed, total);
        } else {
            write(status, completed, total);
        }
    }

    /** Work of which nobody knows how long it takes. */
    private void announce(String status) {
        if (!status.equals(lastStatus)) {
            endBar();
            lastStatus = status;
            out.println(status + " …");
        }
    }

    private void draw(String status, long completed, long total) {
        if (!status.equals(lastStatus)) {
            endBar();
            lastStatus = status;
        }
        ProgressBar drawn = bar.orElseGet(() -> new ProgressBarBuilder()
                .setTaskName(status)
                .setInitialMax(total)
                .setUnit(" MB", MEGA)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(200)
                .showSpeed()
                .setConsumer(new DelegatingProgressBarConsumer(line -> out.print("\r" + line), WIDTH))
                .build());
        bar = Optional.of(drawn);
        drawn.maxHint(total);
        drawn.stepTo(completed);
    }

    private void write(String status, long completed, long total) {
        long step = completed * STEPS / total;
        if (status.equals(lastStatus) && step == lastStep) {
            return;
        }
        lastStatus = status;
        lastStep = step;
        out.printf(
                Locale.ROOT,
                "%s: %d of %d MB (%d %%)%n",
                status,
                completed / MEGA,
                Math.ceilDiv(total, MEGA),
                completed * 100 / total);
    }

    @Override
    public void warn(String message) {
        endBar();
        out.println("warning: " + message);
    }

    private void endBar() {
        bar.ifPresent(drawn -> {
            drawn.close();
            out.println();
        });
        bar = Optional.empty();
    }

    /** Leaves the line that the bar was on. */
    @Override
    public void close() {
        endBar();
    }
}
