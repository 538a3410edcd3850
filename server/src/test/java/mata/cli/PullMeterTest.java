package mata.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PullMeterTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private PullMeter meter(boolean terminal) {
        return new PullMeter(new PrintStream(printed, true, StandardCharsets.UTF_8), terminal);
    }

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void withoutATerminalALineComesWithEachTenth() {
        try (PullMeter meter = meter(false)) {
            for (long done = 0; done <= 167_000_000; done += 1_000_000) {
                meter.report("downloading", "", done, 167_000_000);
            }
        }

        assertThat(printed().lines())
                .hasSize(11)
                .startsWith("downloading: 0 of 167 MB (0 %)", "downloading: 17 of 167 MB (10 %)")
                .endsWith("downloading: 167 of 167 MB (100 %)");
    }

    @Test
    void workOfUnknownLengthIsNamedOnceAndWarningsHaveALineOfTheirOwn() {
        try (PullMeter meter = meter(false)) {
            meter.report("installing", "", 0, -1);
            meter.report("installing", "", 0, -1);
            meter.warn("'tesseract' is not on PATH");
        }

        assertThat(printed()).isEqualToNormalizingNewlines("installing …\nwarning: 'tesseract' is not on PATH\n");
    }

    @Test
    void onATerminalABarIsWrittenOverAndLeftWholeAtTheEnd() {
        try (PullMeter meter = meter(true)) {
            meter.report("downloading", "", 0, 8_000_000);
            meter.report("downloading", "", 8_000_000, 8_000_000);
        }

        assertThat(printed()).contains("\r").endsWith(System.lineSeparator());
        assertThat(printed().lines().reduce((a, b) -> b).orElseThrow()).contains("downloading", "100%", "8/8 MB");
    }
}
