package mata.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import mata.image.Frame;
import mata.params.Params;
import mata.reader.Worklist.Ready;
import mata.reader.Worklist.Step;
import mata.reader.wire.Job;
import org.junit.jupiter.api.Test;

final class WorklistTest {

    private static final Duration NOW = Duration.ofSeconds(7);
    private static final Frame SMALL = new Frame(1, 1, new byte[3]);

    @Test
    void whatIsDecodedRunsBeforeMoreIsDecoded() {
        var list = new Worklist(1, 1, Duration.ZERO);
        add(list, 1, 2);

        decodeNext(list, "", SMALL);

        assertThat(ran(list)).containsExactly(1L);
        assertThat(list.next(NOW)).get().isInstanceOf(Step.Decode.class);
    }

    @Test
    void nothingRunsBesideAsManyRunsAsAreAllowed() {
        var list = new Worklist(1, 1, Duration.ZERO);
        add(list, 1, 2);
        decodeNext(list, "", SMALL);
        ran(list);
        decodeNext(list, "", SMALL);

        assertThat(list.hasNext(NOW)).isFalse();
        assertThat(list.next(NOW)).isEmpty();

        list.ran();
        assertThat(ran(list)).containsExactly(2L);
    }

    @Test
    void jobsThatWaitTogetherAndAskForTheSameRunTogether() {
        var list = new Worklist(1, 8, Duration.ZERO);
        decoded(list, "a", "a", "a");

        assertThat(ran(list)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aJobThatAsksForSomethingElseEndsTheBatchAndIsNotOvertaken() {
        var list = new Worklist(1, 8, Duration.ZERO);
        decoded(list, "a", "b", "a");

        assertThat(ran(list)).containsExactly(1L);
        list.ran();
        assertThat(ran(list)).containsExactly(2L);
        list.ran();
        assertThat(ran(list)).containsExactly(3L);
    }

    @Test
    void noRunTakesMoreThanTheModelCan() {
        var list = new Worklist(1, 8, Duration.ZERO);
        list.limitBatch(2);
        decoded(list, "a", "a", "a");

        assertThat(ran(list)).containsExactly(1L, 2L);
    }

    @Test
    void freeRunsShareWhatWaits() {
        var list = new Worklist(2, 8, Duration.ZERO);
        decoded(list, "a", "a", "a", "a");

        assertThat(ran(list)).containsExactly(1L, 2L);
    }

    @Test
    void whereADelayIsGivenAJobWaitsSoLongForCompanyAndNoLonger() {
        var list = new Worklist(1, 3, Duration.ofMillis(100));
        decoded(list, "a");

        assertThat(list.next(NOW.plusMillis(99))).isEmpty();
        assertThat(list.companyUntil()).contains(NOW.plusMillis(100));
        assertThat(list.next(NOW.plusMillis(100))).get().isInstanceOf(Step.Run.class);
        assertThat(list.companyUntil()).isEmpty();
    }

    @Test
    void aFullBatchDoesNotWaitAnyLonger() {
        var list = new Worklist(1, 3, Duration.ofMillis(100));
        decoded(list, "a", "a", "a");

        assertThat(ran(list)).containsExactly(1L, 2L, 3L);
    }

    @Test
    void aJobThatHasNotBegunCanBeCancelledAndNeverRuns() {
        var list = new Worklist(1, 1, Duration.ZERO);
        add(list, 1, 2, 3);
        decodeNext(list, "", SMALL);

        assertThat(list.cancel(1)).isTrue();
        assertThat(list.cancel(3)).isTrue();
        assertThat(list.cancel(3)).isFalse();

        decodeNext(list, "", SMALL);
        assertThat(ran(list)).containsExactly(2L);
        assertThat(list.cancel(2)).isFalse();
    }

    @Test
    void aJobThatIsCancelledWhileItsPictureIsDecodedDoesNotRun() {
        var list = new Worklist(1, 1, Duration.ZERO);
        add(list, 1);
        assertThat(list.next(Duration.ZERO)).containsInstanceOf(Worklist.Step.Decode.class);

        assertThat(list.cancel(1)).isFalse();

        var picture = new Worklist.Ready(0, 1, "", Params.NONE, SMALL, 0, Duration.ZERO);
        assertThat(list.decoded(picture)).isFalse();
        assertThat(list.hasNext(Duration.ZERO)).isFalse();
        assertThat(list.isEmpty()).isFalse();
    }

    @Test
    void decodingAheadStopsWhereItFillsMemory() {
        var list = new Worklist(1, 1, Duration.ZERO);
        add(list, 1, 2, 3);
        var large = new Frame(5000, 5000, new byte[75_000_000]);
        decodeNext(list, "", SMALL);
        ran(list);

        decodeNext(list, "", large);

        assertThat(list.next(NOW)).isEmpty();
        list.ran();
        assertThat(ran(list)).containsExactly(2L);
        assertThat(list.hasNext(NOW)).isTrue();
    }

    @Test
    void aJobIsInHandUntilItIsAnswered() {
        var list = new Worklist(1, 1, Duration.ZERO);
        add(list, 1);
        decodeNext(list, "", SMALL);
        ran(list);
        list.ran();

        assertThat(list.isEmpty()).isFalse();
        list.answered(1);
        assertThat(list.isEmpty()).isTrue();
    }

    private static void add(Worklist list, long... tickets) {
        for (long ticket : tickets) {
            list.add(Job.newBuilder().setTicket(ticket).build(), Duration.ofSeconds(1));
        }
    }

    /** Jobs 1, 2, 3 … that ask for these, all decoded. */
    private static void decoded(Worklist list, String... wishes) {
        for (int i = 0; i < wishes.length; i++) {
            add(list, i + 1);
        }
        List<Step.Decode> steps = java.util.stream.Stream.of(wishes)
                .map(wish -> (Step.Decode) list.next(NOW).orElseThrow())
                .toList();
        for (int i = 0; i < wishes.length; i++) {
            list.decoded(ready(steps.get(i), wishes[i], SMALL));
        }
    }

    private static void decodeNext(Worklist list, String wish, Frame frame) {
        list.decoded(ready((Step.Decode) list.next(NOW).orElseThrow(), wish, frame));
    }

    private static Ready ready(Step.Decode step, String wish, Frame frame) {
        return new Ready(step.job().number(), step.job().ticket(), wish, Params.NONE, frame, 0, NOW);
    }

    private static List<Long> ran(Worklist list) {
        Optional<Step> step = list.next(NOW);
        return ((Step.Run) step.orElseThrow())
                .batch().stream().map(Ready::ticket).toList();
    }
}
