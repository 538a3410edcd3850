package mata.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import mata.folder.NumberFormat;
import mata.task.ModelRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Defaults and names: spec/vision-api.md section 2. */
final class SettingsTest {

    @TempDir
    Path folder;

    @Test
    void withNothingSetTheDefaultsOfTheSpecificationHold() {
        Settings settings = read(Map.of("HOME", "/home/ada"));

        assertThat(settings)
                .isEqualTo(new Settings(
                        new Settings.Listener("0.0.0.0", 8110, Optional.empty(), List.of(), List.of()),
                        new Settings.Access(false, List.of(), Optional.empty()),
                        Path.of("/home/ada/.mataserver"),
                        new Settings.Log("info", false),
                        new Settings.Models(
                                Optional.of(Duration.ofSeconds(300)),
                                0.9,
                                OptionalInt.empty(),
                                List.of(),
                                Set.of(),
                                "auto",
                                NumberFormat.FP32,
                                false,
                                Optional.empty(),
                                false),
                        new Settings.Limits(
                                32 << 20,
                                64_000_000,
                                1000,
                                Duration.ofSeconds(300),
                                8,
                                Duration.ZERO,
                                Duration.ofSeconds(1)),
                        new Settings.HubPlaces(
                                Path.of("/home/ada/.cache/huggingface/hub"),
                                Optional.empty(),
                                "https://huggingface.co",
                                false,
                                Optional.empty(),
                                Optional.empty(),
                                List.of(),
                                Optional.empty()),
                        Set.of(),
                        List.of()));
    }

    @Test
    void theEnvironmentBeatsDotEnvWhichBeatsYaml() throws IOException {
        write("settings.yaml", "port: 1\nhost: yaml\nlog_level: debug\n");
        write(".env", "MATA_SERVER_CONFIG=settings.yaml\nMATA_SERVER_PORT=2\nMATA_SERVER_HOST='dot env'\nOTHER=x\n");

        Settings settings = read(Map.of("MATA_SERVER_PORT", "3"));

        assertThat(settings.listener().host()).isEqualTo("dot env");
        assertThat(settings.listener().port()).isEqualTo(3);
        assertThat(settings.log().level()).isEqualTo("debug");
        assertThat(settings.given())
                .containsExactlyInAnyOrder(Setting.CONFIG, Setting.PORT, Setting.HOST, Setting.LOG_LEVEL);
    }

    @Test
    void everyFaultIsReportedAtOnceWithTheNearestName() throws IOException {
        write("settings.yaml", "prot: 1\nlimits: {a: 1}\nconfig: other.yaml\nmax_queue: many\n");
        write(".env", "MATA_SERVER_HSOT=x\n");

        assertThatThrownBy(() -> read(Map.of(
                        "MATA_SERVER_CONFIG", "settings.yaml",
                        "MATA_SERVER_AUTH_MOD", "none",
                        "MATA_SERVER_PORT", "80x",
                        "MATA_SERVER_DEVICE", "tpu",
                        "MATA_SERVER_TLS_CERT", "cert.pem")))
                .isInstanceOfSatisfying(
                        BadSettings.class,
                        bad -> assertThat(bad.faults())
                                .containsExactlyInAnyOrder(
                                        "limits in the YAML file: expected a value or a list of values",
                                        "prot in the YAML file: unknown setting; did you mean port?",
                                        "config in the YAML file: a YAML file cannot name another",
                                        "MATA_SERVER_HSOT in .env: unknown setting; did you mean MATA_SERVER_HOST?",
                                        "MATA_SERVER_AUTH_MOD: unknown setting; did you mean MATA_SERVER_AUTH_MODE?",
                                        "MATA_SERVER_PORT: expected a port from 0 to 65535, got '80x'",
                                        "MATA_SERVER_DEVICE: expected auto, cpu, cuda or cuda:<n>, got 'tpu'",
                                        "max_queue in the YAML file: expected a whole number from 1 to 2147483647, got 'many'",
                                        "MATA_SERVER_TLS_CERT: needs MATA_SERVER_TLS_KEY as well"));
    }

    @Test
    void aYamlFileThatCannotBeReadStopsTheStart() throws IOException {
        write("twice.yaml", "port: 1\nport: 2\n");

        assertThatThrownBy(() -> read(Map.of("MATA_SERVER_CONFIG", "twice.yaml")))
                .isInstanceOf(BadSettings.class)
                .hasMessageContaining("twice.yaml line 2")
                .hasMessageContaining("Duplicate field 'port'");
        assertThatThrownBy(() -> read(Map.of("MATA_SERVER_CONFIG", "absent.yaml")))
                .isInstanceOf(BadSettings.class)
                .hasMessage("settings: MATA_SERVER_CONFIG: cannot read " + folder.resolve("absent.yaml"));
    }

    @Test
    void yamlListsAndCommaListsAreTheSame() throws IOException {
        write("settings.yaml", "api_keys:\n  - first-key-of-sixteen\n  - second-key-of-sixteen\npin: [a/b, c/d]\n");

        Settings settings = read(Map.of(
                "MATA_SERVER_CONFIG", "settings.yaml",
                "MATA_SERVER_PRELOAD", "a/b, tesseract ,",
                "MATA_SERVER_API_KEY", "second-key-of-sixteen"));

        assertThat(settings.access())
                .isEqualTo(new Settings.Access(
                        false,
                        List.of("first-key-of-sixteen", "second-key-of-sixteen"),
                        Optional.of("second-key-of-sixteen")));
        assertThat(settings.models().preload()).containsExactly(new ModelRef("a/b"), new ModelRef("tesseract"));
        assertThat(settings.models().pinned()).containsExactlyInAnyOrder(new ModelRef("a/b"), new ModelRef("c/d"));
    }

    @Test
    void keepAliveMayBeNothingForEverOrAFractionOfASecond() {
        assertThat(read(Map.of("MATA_SERVER_KEEP_ALIVE", "0")).models().keepAlive())
                .contains(Duration.ZERO);
        assertThat(read(Map.of("MATA_SERVER_KEEP_ALIVE", "-1")).models().keepAlive())
                .isEmpty();
        assertThat(read(Map.of("MATA_SERVER_KEEP_ALIVE", "0.25")).models().keepAlive())
                .contains(Duration.ofMillis(250));
        assertThatThrownBy(() -> read(Map.of("MATA_SERVER_KEEP_ALIVE", "-2")))
                .hasMessageContaining("expected seconds, 0 or more, or -1 for never, got '-2'");
        assertThatThrownBy(() -> read(Map.of("MATA_SERVER_REQUEST_TIMEOUT", "0")))
                .hasMessageContaining("expected seconds, above 0, got '0'");
    }

    @Test
    void aLevelMayBeNamedAsPythonNamesIt() {
        Settings settings = read(Map.of("MATA_SERVER_LOG_LEVEL", "WARNING"));

        assertThat(settings.log().level()).isEqualTo("warn");
    }

    @Test
    void aBlankValueCountsAsNotGiven() throws IOException {
        write(".env", "MATA_SERVER_PORT=9\n");

        Settings settings = read(Map.of("MATA_SERVER_PORT", " ", "MATA_SERVER_API_KEY", ""));

        assertThat(settings.listener().port()).isEqualTo(9);
        assertThat(settings.access().keys()).isEmpty();
    }

    @Test
    void shortKeysAndSettingsWithoutEffectAreWarnedOf() {
        Settings settings = read(Map.of("MATA_SERVER_API_KEYS", "secret", "MATA_SERVER_GATEWAY_PORT", "9000"));

        assertThat(settings.warnings())
                .containsExactly(
                        "MATA_SERVER_GATEWAY_PORT is known, but this release does not act on it yet",
                        "an API key of 6 characters is easy to guess: take 16 or more");
    }

    @Test
    void listenersWithRoutesOfTheSameNameMayNotShareAPort() {
        assertThatThrownBy(() -> read(Map.of("MATA_SERVER_PORT", "8006", "MATA_SERVER_GATEWAY_PORT", "8006")))
                .hasMessage("settings: MATA_SERVER_PORT and MATA_SERVER_GATEWAY_PORT: both are 8006");
        assertThat(read(Map.of("MATA_SERVER_PORT", "0", "MATA_SERVER_READERS_PORT", "0"))
                        .listener()
                        .port())
                .isZero();
    }

    @Test
    void theHubsOwnVariablesMeanWhatTheyMeanToItsTools() {
        Settings.HubPlaces hub = read(Map.of(
                        "HF_HOME", "/big/hf",
                        "HF_TOKEN", "hf_x",
                        "HF_ENDPOINT", "https://mirror.example/",
                        "HF_HUB_OFFLINE", "1",
                        "https_proxy", "http://proxy:3128",
                        "HTTP_PROXY", "http://other:3128",
                        "NO_PROXY", "localhost,.example",
                        "VIRTUAL_ENV", "/home/ada/venv"))
                .hub();

        assertThat(hub)
                .isEqualTo(new Settings.HubPlaces(
                        Path.of("/big/hf/hub"),
                        Optional.of("hf_x"),
                        "https://mirror.example",
                        true,
                        Optional.of("http://proxy:3128"),
                        Optional.of("http://other:3128"),
                        List.of("localhost", ".example"),
                        Optional.of(Path.of("/home/ada/venv"))));
        assertThat(read(Map.of("HF_HOME", "/big/hf", "HF_HUB_CACHE", "/fast/hub"))
                        .hub()
                        .cache())
                .isEqualTo(Path.of("/fast/hub"));
        assertThat(read(Map.of("MATA_SERVER_OFFLINE", "true")).hub().offline()).isTrue();
    }

    @Test
    void theTokenIsThatOfTheEnvironmentElseThatOfTheToolsLogin(@TempDir Path home) throws IOException {
        Files.writeString(home.resolve("token"), "hf_file\n");

        assertThat(read(Map.of("HF_HOME", home.toString())).hub().token()).contains("hf_file");
        assertThat(read(Map.of("HF_HOME", home.toString(), "HF_TOKEN", "hf_x"))
                        .hub()
                        .token())
                .contains("hf_x");
        assertThat(read(Map.of("HF_TOKEN_PATH", home.resolve("token").toString()))
                        .hub()
                        .token())
                .contains("hf_file");
        assertThat(read(Map.of("HF_HOME", home.toString())).hub())
                .hasToString("HubPlaces[" + home + "/hub, https://huggingface.co]");
    }

    @Test
    void clientsOnThisMachineCallAnAddressThatAnswers() {
        assertThat(read(Map.of()).url()).isEqualTo("http://localhost:8110");
        assertThat(read(Map.of("MATA_SERVER_HOST", "10.0.0.5", "MATA_SERVER_PORT", "80"))
                        .url())
                .isEqualTo("http://10.0.0.5:80");
        assertThat(read(Map.of("MATA_SERVER_TLS_CERT", "c.pem", "MATA_SERVER_TLS_KEY", "k.pem"))
                        .url())
                .isEqualTo("https://localhost:8110");
        assertThat(read(Map.of("MATA_SERVER_HOST", "::1")).url()).isEqualTo("http://[::1]:8110");
    }

    @Test
    void pathsBeginAtTheWorkingDirectoryOrAtHome() {
        assertThat(read(Map.of("MATA_SERVER_DATA_DIR", "data")).dataDir()).isEqualTo(folder.resolve("data"));
        assertThat(read(Map.of("MATA_SERVER_DATA_DIR", "~/d", "HOME", "/home/ada"))
                        .dataDir())
                .isEqualTo(Path.of("/home/ada/d"));
    }

    @Test
    void everyDefaultIsAValueOfItsOwnKind() {
        Map<String, String> environment = new HashMap<>();
        for (Setting setting : Setting.values()) {
            if (!setting.standard().isEmpty()) {
                environment.put(setting.variable(), setting.standard());
            }
        }

        Settings settings = read(environment);

        assertThat(settings.given()).hasSize(environment.size());
    }

    private Settings read(Map<String, String> environment) {
        return Settings.read(environment, folder);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
