package mata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EncodedPictureTest {

    @Test
    void everyLengthOfBytesComesBackWithAndWithoutPadding() {
        var random = new Random(1);
        for (int length = 0; length < 300; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            String padded = Base64.getEncoder().encodeToString(bytes);
            String bare = Base64.getEncoder().withoutPadding().encodeToString(bytes);

            assertThat(EncodedPicture.of(padded).decode()).isEqualTo(bytes);
            assertThat(EncodedPicture.of(bare).decode()).isEqualTo(bytes);
        }
    }

    /** Each character put into good base64, at each place, is either skipped as a blank, or refused by its place. */
    @Test
    void aStrangeCharacterAnywhereIsRefusedByItsPlace() {
        String good = Base64.getEncoder().encodeToString("a picture, as it were".getBytes(StandardCharsets.US_ASCII));
        byte[] bytes = EncodedPicture.of(good).decode();
        for (char c = 1; c < 128; c++) {
            for (int at = 0; at < good.length(); at++) {
                var text = EncodedPicture.of(good.substring(0, at) + c + good.substring(at));
                if (" \t\r\n".indexOf(c) >= 0) {
                    assertThat(text.decode()).isEqualTo(bytes);
                } else if (!Character.isLetterOrDigit(c) && "+/=".indexOf(c) < 0) {
                    assertThatThrownBy(text::decode)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageEndingWith("at character " + at);
                }
            }
        }
    }

    @Test
    void aPictureIsASpanOfTheBodyAndNothingAroundItIsRead() {
        byte[] body = "{\"image\":\"AQID\"}".getBytes(StandardCharsets.US_ASCII);

        assertThat(new EncodedPicture(body, 10, 14, false).decode()).containsExactly(1, 2, 3);
    }

    @Test
    void escapesAreUndoneOnlyWhereThereAreAny() {
        byte[] body = "AQ\\/D\\n\\r\\tAQID".getBytes(StandardCharsets.US_ASCII);

        assertThat(new EncodedPicture(body, 0, body.length, true).decode()).containsExactly(1, 15, -61, 1, 2, 3);
        assertThatThrownBy(() -> new EncodedPicture(body, 0, body.length, false).decode())
                .hasMessage("'\\' at character 2");
    }

    @Test
    void itsTextInAComplaintIsItsLength() {
        assertThat(EncodedPicture.of("AQID")).hasToString("<4 characters>");
    }
}
