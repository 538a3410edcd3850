package mata.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import mata.folder.NumberFormat;
import mata.problem.Nearest;
import mata.task.ModelRef;

/** Collects what the sources give, checks it against the table of {@link Setting}, and complains once. */
final class SettingsReader {

    private static final int SAFE_KEY_LENGTH = 16;

    private final Map<String, String> environment;
    private final Path workingDirectory;
    private final Map<Setting, Given> given = new EnumMap<>(Setting.class);
    private final Map<Setting, Object> values = new EnumMap<>(Setting.class);
    private final List<String> faults = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** A value as written, and the name it was written under. */
    private record Given(String text, String name) {}

    SettingsReader(Map<String, String> environment, Path workingDirectory) {
        this.environment = environment;
        this.workingDirectory = workingDirectory;
    }

    Settings read() {
        Map<String, String> dotEnv = SettingsFiles.dotEnv(workingDirectory, faults);
        place(Setting.CONFIG, environment, dotEnv).ifPresent(file -> takeYaml(SettingsFiles.yaml(file, faults)));
        takeVariables(dotEnv, " in .env");
        takeVariables(environment, "");
        for (Setting setting : Setting.values()) {
            check(setting);
        }
        findClashes();
        if (!faults.isEmpty()) {
            throw new BadSettings(faults);
        }
        warn();
        return settings();
    }

    private Optional<Path> place(Setting setting, Map<String, String> strong, Map<String, String> weak) {
        String text = strong.getOrDefault(setting.variable(), "");
        text = text.isBlank() ? weak.getOrDefault(setting.variable(), "") : text;
        return text.isBlank() ? Optional.empty() : Optional.ofNullable((Path) new Kind.Place().read(text, this::path));
    }

    private void takeYaml(Map<String, String> entries) {
        entries.forEach((key, text) -> {
            String name = key + " in the YAML file";
            Optional<Setting> setting = Setting.ofKey(key);
            if (setting.isEmpty()) {
                unknown(name, key, Setting::key);
            } else if (setting.get() == Setting.CONFIG) {
                faults.add(name + ": a YAML file cannot name another");
            } else {
                give(setting.get(), text, name);
            }
        });
    }

    private void takeVariables(Map<String, String> variables, String where) {
        variables.forEach((variable, text) -> {
            if (variable.startsWith(Setting.PREFIX)) {
                String name = variable + where;
                Setting.ofVariable(variable)
                        .ifPresentOrElse(
                                setting -> give(setting, text, name),
                                () -> unknown(name, variable.substring(Setting.PREFIX.length()), Setting::variable));
            }
        });
    }

    private void unknown(String name, String bare, Function<Setting, String> spelling) {
        List<String> known = Arrays.stream(Setting.values()).map(Setting::name).toList();
        String hint = Nearest.to(bare.toUpperCase(Locale.ROOT), known)
                .map(near -> "; did you mean " + spelling.apply(Setting.valueOf(near)) + "?")
                .orElse("");
        faults.add(name + ": unknown setting" + hint);
    }

    /** A blank value is none, as in shell scripts and compose files: the next weaker source counts. */
    private void give(Setting setting, String text, String name) {
        if (!text.isBlank()) {
            given.put(setting, new Given(text.strip(), name));
        }
    }

    private void check(Setting setting) {
        Given told = given.getOrDefault(setting, new Given(setting.standard(), setting.variable()));
        if (told.text().isEmpty()) {
            return;
        }
        Object value = setting.kind().read(told.text(), this::path);
        if (value == null) {
            faults.add(told.name() + ": expected " + setting.kind().shown() + ", got '" + told.text() + "'");
        } else {
            values.put(setting, value);
        }
    }

    private Path path(String text) {
        return text.equals("~") || text.startsWith("~/")
                ? home().resolve(text.substring(Math.min(2, text.length())))
                : workingDirectory.resolve(text).normalize();
    }

    private Path home() {
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")));
    }

    private void findClashes() {
        oneNeedsTheOther(Setting.TLS_CERT, Setting.TLS_KEY);
        oneNeedsTheOther(Setting.GATEWAY_TLS_CERT, Setting.GATEWAY_TLS_KEY);
        notBoth(Setting.READERS_MANIFEST, Setting.READER_MODEL_NAME);
        notBoth(Setting.READER_CONSUMER_GROUP, Setting.READER_CONSUMER_GROUPS);
        // Vision, gateway and readers listeners have routes of the same name with different answers.
        notTheSamePort(Setting.PORT, Setting.GATEWAY_PORT);
        for (Setting readers : EnumSet.of(
                Setting.READERS_PORT,
                Setting.MANAGEMENT_PORT,
                Setting.VERTEX_PORT,
                Setting.OPENAI_PORT,
                Setting.SNOWFLAKE_PORT,
                Setting.INTERNAL_PORT)) {
            notTheSamePort(Setting.PORT, readers);
            notTheSamePort(Setting.GATEWAY_PORT, readers);
        }
    }

    private void oneNeedsTheOther(Setting one, Setting other) {
        if (given.containsKey(one) != given.containsKey(other)) {
            Setting missing = given.containsKey(one) ? other : one;
            Setting there = given.containsKey(one) ? one : other;
            faults.add(there.variable() + ": needs " + missing.variable() + " as well");
        }
    }

    private void notBoth(Setting one, Setting other) {
        if (given.containsKey(one) && given.containsKey(other)) {
            faults.add(one.variable() + " and " + other.variable() + ": only one of the two");
        }
    }

    /** Only where both were asked for: a default gives way when its port is taken. */
    private void notTheSamePort(Setting one, Setting other) {
        if (given.containsKey(one)
                && given.containsKey(other)
                && values.get(one) instanceof Long port
                && port != 0
                && port.equals(values.get(other))) {
            faults.add(one.variable() + " and " + other.variable() + ": both are " + port);
        }
    }

    private void warn() {
        for (Setting setting : Setting.values()) {
            if (given.containsKey(setting) && !setting.isReady()) {
                warnings.add(setting.variable() + " is known, but this release does not act on it yet");
            }
        }
        for (String key : keys()) {
            if (key.length() < SAFE_KEY_LENGTH) {
                warnings.add("an API key of " + key.length() + " characters is easy to guess: take " + SAFE_KEY_LENGTH
                        + " or more");
            }
        }
    }

    private Settings settings() {
        Duration keepAlive = value(Setting.KEEP_ALIVE, Kind.FOR_EVER);
        return new Settings(
                new Settings.Listener(
                        text(Setting.HOST),
                        whole(Setting.PORT),
                        tls(),
                        value(Setting.CORS_ORIGINS, List.<String>of()),
                        value(Setting.TRUSTED_PROXIES, List.<String>of())),
                new Settings.Access(text(Setting.AUTH_MODE).equals("none"), List.copyOf(keys()), clientKey()),
                value(Setting.DATA_DIR, workingDirectory),
                new Settings.Log(
                        text(Setting.LOG_LEVEL).replace("warning", "warn"), // Python's word
                        text(Setting.LOG_FORMAT).equals("json")),
                new Settings.Models(
                        keepAlive.isNegative() ? Optional.empty() : Optional.of(keepAlive),
                        value(Setting.MAX_RAM_UTILIZATION, 1.0),
                        values.containsKey(Setting.MAX_LOADED_MODELS)
                                ? OptionalInt.of(whole(Setting.MAX_LOADED_MODELS))
                                : OptionalInt.empty(),
                        value(Setting.PRELOAD, List.<ModelRef>of()),
                        Set.copyOf(value(Setting.PIN, List.<ModelRef>of())),
                        text(Setting.DEVICE),
                        NumberFormat.of(text(Setting.DTYPE)).orElseThrow(),
                        value(Setting.ALLOW_TWIN, false),
                        Optional.ofNullable((ModelRef) values.get(Setting.PERSON_DETECTOR)),
                        text(Setting.READERS).equals("inline")),
                new Settings.Limits(
                        whole(Setting.MAX_BODY_BYTES),
                        whole(Setting.MAX_IMAGE_PIXELS),
                        whole(Setting.MAX_QUEUE),
                        value(Setting.REQUEST_TIMEOUT, Kind.FOR_EVER),
                        whole(Setting.MAX_BATCH),
                        Duration.ofMillis(whole(Setting.BATCH_DELAY_MS)),
                        Duration.ofSeconds(whole(Setting.HEARTBEAT_CHECK_INTERVAL))),
                hub(),
                given.keySet(),
                warnings);
    }

    private Optional<Settings.Tls> tls() {
        return values.get(Setting.TLS_CERT) instanceof Path certificate
                        && values.get(Setting.TLS_KEY) instanceof Path key
                ? Optional.of(new Settings.Tls(certificate, key))
                : Optional.empty();
    }

    /** Those of API_KEYS and the command line's own, each once. */
    private Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>(value(Setting.API_KEYS, List.<String>of()));
        clientKey().ifPresent(keys::add);
        return keys;
    }

    private Optional<String> clientKey() {
        return Optional.ofNullable((String) values.get(Setting.API_KEY));
    }

    /** The rules of the Python package huggingface_hub. */
    private Settings.HubPlaces hub() {
        Path home = variable("HF_HOME")
                .map(this::path)
                .orElseGet(() -> variable("XDG_CACHE_HOME")
                        .map(this::path)
                        .orElseGet(() -> home().resolve(".cache"))
                        .resolve("huggingface"));
        return new Settings.HubPlaces(
                variable("HF_HUB_CACHE").map(this::path).orElseGet(() -> home.resolve("hub")),
                token(home),
                variable("HF_ENDPOINT").orElse("https://huggingface.co").replaceFirst("/+$", ""),
                value(Setting.OFFLINE, false)
                        || variable("HF_HUB_OFFLINE")
                                .filter(text -> Boolean.TRUE.equals(new Kind.Flag().read(text, this::path)))
                                .isPresent(),
                variable("HTTPS_PROXY").or(() -> variable("https_proxy")),
                variable("HTTP_PROXY").or(() -> variable("http_proxy")),
                new Kind.Words()
                        .read(
                                variable("NO_PROXY")
                                        .or(() -> variable("no_proxy"))
                                        .orElse(""),
                                this::path),
                variable("VIRTUAL_ENV").or(() -> variable("CONDA_PREFIX")).map(this::path));
    }

    /** From the environment, else from the file that the tools' {@code login} writes. */
    private Optional<String> token(Path home) {
        return variable("HF_TOKEN").or(() -> variable("HUGGING_FACE_HUB_TOKEN")).or(() -> {
            Path file = variable("HF_TOKEN_PATH").map(this::path).orElseGet(() -> home.resolve("token"));
            try {
                return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
            } catch (IOException noneOrNotOurs) {
                return Optional.empty();
            }
        });
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private String text(Setting setting) {
        return value(setting, "");
    }

    private int whole(Setting setting) {
        return Math.toIntExact(value(setting, 0L));
    }

    /** The checked value; {@code otherwise} only where nothing was given and there is no default. */
    @SuppressWarnings("unchecked") // check() put there what the setting's kind holds
    private <T> T value(Setting setting, T otherwise) {
        return (T) values.getOrDefault(setting, otherwise);
    }
}
