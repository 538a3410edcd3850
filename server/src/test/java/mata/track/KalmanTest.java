package mata.track;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import mata.result.Box;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** States of the filters against those of ultralytics 8.2.103, recorded by {@code tools/reference/track/kalman.py}. */
final class KalmanTest {

    /** What is measured passes through single precision in the recorded filters: 24 bits. */
    private static final double RELATIVE = 1e-6;

    @ParameterizedTest
    @EnumSource(Kalman.Form.class)
    void everyStepGivesThePublishedState(Kalman.Form form) throws IOException {
        JsonNode steps = read().get(form.name());
        var filter = new Kalman(form, box(steps.get(0)));

        for (JsonNode step : steps) {
            take(step, filter);

            assertClose(step, "mean", filter.mean());
            assertClose(step, "variances", filter.variances());
        }
        assertThat(steps.size()).isGreaterThan(30);
    }

    @Test
    void aFilterThatHasSeenTheSameBoxForALongTimeIsStillSureOfIt() {
        var filter = new Kalman(Kalman.Form.XYWH, new Box(10, 20, 40, 90));

        for (int i = 0; i < 100_000; i++) {
            filter.predict(false);
            filter.update(new Box(10, 20, 40, 90));
        }

        assertThat(filter.corners()).containsExactly(new double[] {10, 20, 40, 90}, within(1e-6));
        assertThat(Arrays.stream(filter.variances())).allMatch(variance -> variance > 1e-6 && variance < 100);
    }

    private static void take(JsonNode step, Kalman filter) {
        switch (step.get("do").asText()) {
            case "begin" -> {}
            case "predict" -> filter.predict(false);
            case "lost" -> filter.predict(true);
            case "move" ->
                filter.move(new Motion(at(step, 0), at(step, 1), at(step, 2), at(step, 3), at(step, 4), at(step, 5)));
            case "update" -> filter.update(box(step));
            default -> throw new IllegalArgumentException(step.toString());
        }
    }

    private static Box box(JsonNode step) {
        return new Box((float) at(step, 0), (float) at(step, 1), (float) at(step, 2), (float) at(step, 3));
    }

    private static double at(JsonNode step, int i) {
        return step.get("with").get(i).asDouble();
    }

    private static void assertClose(JsonNode step, String name, double[] actual) {
        for (int i = 0; i < actual.length; i++) {
            double expected = step.get(name).get(i).asDouble();
            assertThat(actual[i])
                    .as("%s %d after %s", name, i, step)
                    .isCloseTo(expected, within(RELATIVE * Math.abs(expected) + 1e-12));
        }
    }

    private static JsonNode read() throws IOException {
        try (InputStream in = KalmanTest.class.getResourceAsStream("/track/kalman.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }
}
