package mata.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PromisesTest {

    private final Promises promises = new Promises(Duration.ofSeconds(10));

    @Test
    void anIdleReaderPromisesItsUsualWait() {
        assertThat(promises.beat(seconds(5))).hasValue(10);
    }

    /** H1 asks for a sign at least every third of the wait. */
    @Test
    void theNextSignOfLifeIsDueWellWithinAThirdOfTheWait() {
        promises.beat(seconds(5));

        assertThat(promises.nextBeat()).isGreaterThan(seconds(5)).isLessThan(seconds(5 + 10 / 3.0));
    }

    @Test
    void aCallIsCoveredByItsTimeRoundedUpToSeconds() {
        promises.begin(1, seconds(30.2), seconds(0.5));

        assertThat(promises.areKept()).isFalse();
        assertThat(promises.beat(seconds(0.5))).hasValue(30);
        assertThat(promises.areKept()).isTrue();
    }

    @Test
    void aCallWithLittleTimeIsStillGivenTheUsualWait() {
        promises.begin(1, seconds(2), seconds(1));

        assertThat(promises.beat(seconds(1))).hasValue(10);
    }

    @Test
    void theLongestCallDecidesAndTheUsualWaitReturnsAfterTheLast() {
        promises.begin(1, seconds(100), seconds(0));
        promises.begin(2, seconds(50), seconds(0));

        assertThat(promises.beat(seconds(0))).hasValue(100);
        promises.end(1);
        assertThat(promises.beat(seconds(1))).hasValue(49);
        promises.end(2);
        assertThat(promises.beat(seconds(2))).hasValue(10);
    }

    @Test
    void aPromiseInForceThatCoversANewCallNeedNotBeRepeated() {
        promises.begin(1, seconds(30.2), seconds(0));
        promises.beat(seconds(0));

        promises.begin(2, seconds(30.9), seconds(0.7));

        assertThat(promises.areKept()).isTrue();
    }

    @Test
    void aReaderWithACallThatHasOutlivedItsTimeMayNotPromiseAnythingUntilThatEnds() {
        promises.begin(1, seconds(20), seconds(0));
        promises.begin(2, seconds(300), seconds(0));

        assertThat(promises.beat(seconds(20))).isPresent();
        assertThat(promises.beat(seconds(20.1))).isEmpty();
        promises.end(1);
        assertThat(promises.beat(seconds(21))).hasValue(279);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
