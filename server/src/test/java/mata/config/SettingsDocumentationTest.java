package mata.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/settings.md is the table of {@link Setting} and nothing else; the text it should have is left in target/. */
final class SettingsDocumentationTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "settings.md");

    @Test
    void theDocumentListsEverySettingAsItIs() throws IOException {
        String table = document();
        Files.writeString(Path.of("target", "settings.md"), table);

        assertThat(DOCUMENT).as("copy server/target/settings.md over it").hasContent(table);
    }

    private static String document() {
        var text = new StringBuilder("""
                # Settings

                From the environment, over a `.env` file in the working directory, over a YAML file named by `MATA_SERVER_CONFIG`, over the
                default. In YAML the key is the name in lower case without its prefix (`port: 8110`). A blank value counts as not given. An
                unknown name, an unreadable value or a clash stops the start; all of them are named at once.

                `HF_HOME`, `HF_HUB_CACHE`, `HF_TOKEN`, `HF_TOKEN_PATH`, `HF_ENDPOINT`, `HF_HUB_OFFLINE`, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`
                mean what they mean to the Python tools; `VIRTUAL_ENV` or `CONDA_PREFIX` names the environment that OCR backends are installed into.

                | name | default | takes | meaning |
                | --- | --- | --- | --- |
                """);
        for (Setting setting : Setting.values()) {
            text.append("| `%s` | %s | %s | %s%s |%n"
                    .formatted(
                            setting.variable(),
                            setting.standard().isEmpty() ? "–" : "`" + setting.standard() + "`",
                            setting.kind().shown(),
                            setting.meaning(),
                            setting.isReady() ? "" : " (known, not acted on yet)"));
        }
        return text.toString();
    }
}
