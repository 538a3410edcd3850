package mata.vision.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RankingTest {

    @Test
    void theBestComeFirstAndEqualsInTheirOwnOrder() {
        float[] scores = {0.5f, 0.9f, 0.5f, 0.1f, 0.9f};

        assertThat(Ranking.all(scores)).containsExactly(1, 4, 0, 2, 3);
        assertThat(Ranking.best(scores, Float.NEGATIVE_INFINITY, 3)).containsExactly(1, 4, 0);
    }

    @Test
    void aScoreAtTheThresholdIsNotAboveIt() {
        assertThat(Ranking.best(new float[] {0.5f, 0.500001f, 0.499999f}, 0.5f, 9))
                .containsExactly(1);
    }

    @Test
    void negativeScoresAndBothZerosAreOrderedAsNumbers() {
        assertThat(Ranking.all(new float[] {-1, 0f, -0f, -2, 3})).containsExactly(4, 1, 2, 0, 3);
    }
}
