package mata.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.junit.jupiter.api.Test;

final class BoundedTest {

    private final List<String> made = new ArrayList<>();
    private final Bounded<String, String> bounded = new Bounded<>(10, String::length);

    private String get(String key, int length) {
        return bounded.get(key, () -> {
            made.add(key);
            return "x".repeat(length);
        });
    }

    @Test
    void theLeastRecentlyUsedGoesFirst() {
        get("a", 4);
        get("b", 4);
        get("a", 4);
        get("c", 4);

        get("a", 4);
        get("c", 4);
        get("b", 4);

        assertThat(made).containsExactly("a", "b", "c", "b");
    }

    @Test
    void whatIsTooLargeIsGivenButNotKeptNorDoesItDriveOthersOut() {
        get("a", 4);

        assertThat(get("huge", 11)).hasSize(11);
        get("huge", 11);
        get("a", 4);

        assertThat(made).containsExactly("a", "huge", "huge");
    }

    @Test
    void nothingIsKeptOfWhatFails() {
        assertThatThrownBy(() -> bounded.get("a", () -> {
                    throw new Rejected(new Problem.OutOfMemory("full"));
                }))
                .hasMessage("full");

        assertThat(get("a", 4)).hasSize(4);
    }

    @Test
    void whoAsksForWhatIsBeingMadeWaitsForIt() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> first = threads.submit(() -> bounded.get("a", () -> {
                begun.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return "first";
            }));
            begun.await();
            Future<String> second = threads.submit(() -> bounded.get("a", () -> "second"));
            go.countDown();

            assertThat(first.get()).isEqualTo("first");
            assertThat(second.get()).isEqualTo("first");
        }
    }
}
