package mata.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.junit.jupiter.api.Test;

/** The reader of forms, and bytes that are not quite one. Seeds are fixed. */
final class FormDataTest {

    private static final Set<String> FILES = Set.of("file");

    @Test
    void textsAndFilesAreToldApart() {
        var form = new FormBody()
                .text("model", "caf\u00e9")
                .text("file", "text that is meant as a file")
                .file("other", "a.bin", new byte[] {0, 13, 10, -1});

        Map<String, Object> fields = FormData.read(form.contentType(), form.bytes(), FILES);

        assertThat(fields).containsOnlyKeys("model", "file", "other").containsEntry("model", "caf\u00e9");
        assertThat(fields.get("file"))
                .isInstanceOfSatisfying(
                        FormData.File.class,
                        file -> assertThat(file.bytes())
                                .isEqualTo("text that is meant as a file".getBytes(StandardCharsets.UTF_8)));
        assertThat(fields.get("other"))
                .isInstanceOfSatisfying(
                        FormData.File.class, file -> assertThat(file.bytes()).containsExactly(0, 13, 10, -1));
    }

    @Test
    void aFormOfAThousandPartsIsRefused() {
        var form = new FormBody();
        for (int i = 0; i < 1000; i++) {
            form.text("f" + i, "x");
        }

        assertThatThrownBy(() -> FormData.read(form.contentType(), form.bytes(), FILES))
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class));
    }

    @Test
    void damagedFormsAreReadOrRefusedButNeverBreakTheReader() {
        var random = new Random(11);
        var form = new FormBody().text("model", "a/b").text("confidence", "0.5").file("file", "a.jpg", new byte[300]);
        byte[] sound = form.bytes();
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = Arrays.copyOf(sound, random.nextInt(4) == 0 ? random.nextInt(sound.length) : sound.length);
            for (int times = random.nextInt(4); times > 0 && damaged.length > 0; times--) {
                damaged[random.nextInt(damaged.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(256) : "\r\n-\":;=".charAt(random.nextInt(7)));
            }
            try {
                FormData.read(form.contentType(), damaged, FILES);
            } catch (Rejected rejected) {
                refused++;
                assertThat(rejected.problem()).isInstanceOf(Problem.BadInput.class);
                assertThat(rejected.problem().detail()).doesNotContain("org.eclipse", "java.");
            }
        }
        assertThat(refused).isBetween(200, 1999);
    }
}
