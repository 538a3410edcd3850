package mata.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GateTest {

    private static final String FIRST = "first-key-0123456789";
    private static final String SECOND = "second-key-0123456789";

    private final Gate gate = Gate.forKeys(List.of(FIRST, SECOND));

    @Test
    void anOpenGateAsksForNothing() {
        assertThatCode(() -> Gate.open().admit(Optional.empty())).doesNotThrowAnyException();
        assertThat(Gate.open().accepts("whatever")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer " + FIRST, "Bearer " + SECOND, "bearer " + FIRST, "Bearer  " + FIRST + " "})
    void everyKeyOfTheListOpensTheGate(String header) {
        assertThatCode(() -> gate.admit(Optional.of(header))).doesNotThrowAnyException();
    }

    @Test
    void withoutAHeaderTheCallerIsToldThatItIsMissing() {
        assertThatThrownBy(() -> gate.admit(Optional.empty()))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(new Problem.Unauthenticated("Missing Authorization header")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", FIRST, "Token " + FIRST})
    void aHeaderOfAnotherShapeOffersNoCredentials(String header) {
        assertThatThrownBy(() -> gate.admit(Optional.of(header)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem())
                                .isEqualTo(new Problem.Unauthenticated(
                                        "Authorization header must read: Bearer <api_key>")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong", "first-key-012345678", "first-key-0123456789x", "FIRST-KEY-0123456789", "ключ"})
    void aKeyThatIsNotInTheListIsForbidden(String key) {
        assertThatThrownBy(() -> gate.admit(Optional.of("Bearer " + key)))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isEqualTo(new Problem.Forbidden("Invalid API key")));
        assertThat(gate.accepts(key)).isFalse();
    }

    @Test
    void aGateWithoutKeysIsAMistakeOfItsMaker() {
        assertThatIllegalArgumentException().isThrownBy(() -> Gate.forKeys(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Gate.forKeys(List.of(FIRST, " ")));
    }
}
