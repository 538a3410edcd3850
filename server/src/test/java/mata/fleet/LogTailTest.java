package mata.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LogTailTest {

    private final AtomicLong nanos = new AtomicLong();
    private final LogTail tail = new LogTail(nanos::get);
    private final List<String> passedOn = new ArrayList<>();

    @Test
    void theLastTwentyLinesAreKeptAndAllArePassedOn() {
        follow(IntStream.range(0, 50).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining()));

        assertThat(passedOn).hasSize(50);
        assertThat(tail.lines()).hasSize(20).first().isEqualTo("line 30");
        assertThat(tail.lines()).last().isEqualTo("line 49");
    }

    @Test
    void aFloodOfLinesIsNotPassedOnButItsTailIsKept() {
        follow("flood\n".repeat(5000));
        assertThat(passedOn).hasSize(100);

        nanos.addAndGet(1_000_000_000);
        follow("calm\n");

        assertThat(passedOn).hasSize(102).endsWith("4900 lines left out", "calm");
        assertThat(tail.lines()).last().isEqualTo("calm");
    }

    @Test
    void aLineWithoutAnEndDoesNotFillMemory() {
        follow("x".repeat(100_000) + "\nnext");

        assertThat(tail.lines()).containsExactly("x".repeat(500), "next");
    }

    @Test
    void lineEndsOfOtherSystemsAreLineEnds() {
        follow("one\r\ntwo\r\n");

        assertThat(tail.lines()).containsExactly("one", "two");
    }

    private void follow(String text) {
        tail.follow(new BufferedReader(new StringReader(text)), passedOn::add);
    }
}
