package mata.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import mata.folder.NumberFormat;

/**
 * Every setting there is: the one table that reading, messages and documentation share. A setting's name is the constant's
 * with {@code MATA_SERVER_} before it; in YAML it is the constant's in lower case.
 */
public enum Setting {
    HOST(new Kind.Text(), "0.0.0.0", "address the vision listener binds"),
    PORT(new Kind.Port(), "8110", "port of the vision listener; 0 = any free one, printed at start"),
    TLS_CERT(new Kind.Place(), "", "certificate (PEM) of the vision listener; with TLS_KEY"),
    TLS_KEY(new Kind.Place(), "", "private key (PEM) of the vision listener; with TLS_CERT"),
    CORS_ORIGINS(new Kind.Words(), "", "web origins whose pages may call"),
    TRUSTED_PROXIES(new Kind.Words(), "", "addresses whose X-Forwarded-* headers are believed"),
    AUTH_MODE(new Kind.OneOf("api_key", "none"), "api_key", "who may call: holders of a key, or everybody"),
    API_KEYS(new Kind.Words(), "", "accepted keys"),
    API_KEY(new Kind.Text(), "", "the key the command line sends; the server accepts it too"),
    DATA_DIR(new Kind.Place(), "~/.mataserver", "registry, recordings, keys, certificates, engine cache"),
    CONFIG(new Kind.Place(), "", "YAML file with settings"),
    LOG_LEVEL(
            new Kind.OneOf("trace", "debug", "info", "warn", "warning", "error"),
            "info",
            "the least important lines to log"),
    LOG_FORMAT(new Kind.OneOf("text", "json"), "text", "json = one object a line"),
    KEEP_ALIVE(
            new Kind.SecondsOrNever(),
            "300",
            "how long a model stays in memory after its last use; 0 = unload at once, -1 = never"),
    MAX_RAM_UTILIZATION(
            new Kind.Share(),
            "0.9",
            "share of the machine's (or the cgroup's) memory that loaded models may bring it to"),
    MAX_VRAM_UTILIZATION(new Kind.Share(), "0.9", "the same for a GPU's memory", Ready.LATER),
    MAX_LOADED_MODELS(
            new Kind.Whole(1, Integer.MAX_VALUE), "", "most models in memory at once; not set = no such limit"),
    PRELOAD(new Kind.Models(), "", "models loaded at start"),
    PIN(new Kind.Models(), "", "models that are never evicted"),
    DEVICE(new Kind.DeviceName(), "auto", "where models run"),
    DTYPE(new Kind.OneOf(NumberFormat.words()), "fp32", "which variant of the weights to take"),
    ALLOW_TWIN(
            new Kind.Flag(),
            "false",
            "a repository without graphs may be replaced by somebody else's export of the same weights"),
    PERSON_DETECTOR(
            new Kind.Model(), "", "registered detect model that finds the boxes for pose models that need them"),
    READERS(new Kind.OneOf("process", "inline"), "process", "inline keeps readers in the server's process"),
    OFFLINE(new Kind.Flag(), "false", "no network at all; also HF_HUB_OFFLINE"),
    MAX_BODY_BYTES(
            new Kind.Whole(1, Integer.MAX_VALUE - 8L), "33554432", "largest request body, counted while reading"),
    MAX_FRAME_BYTES(new Kind.Whole(1, Integer.MAX_VALUE - 8L), "8388608", "largest frame of a stream", Ready.LATER),
    MAX_IMAGE_PIXELS(new Kind.Whole(1, Integer.MAX_VALUE), "64000000", "largest picture, read from its header"),
    MAX_QUEUE(new Kind.Whole(1, Integer.MAX_VALUE), "1000", "waiting requests; beyond: 503"),
    REQUEST_TIMEOUT(new Kind.Seconds(), "300", "longest wait for an answer; beyond: 504"),
    MAX_BATCH(new Kind.Whole(1, 1024), "8", "most waiting requests that run together"),
    BATCH_DELAY_MS(new Kind.Whole(0, 10_000), "0", "how long a request waits for company"),
    MAX_SESSIONS(new Kind.Whole(0, Integer.MAX_VALUE), "10", "streaming sessions; beyond: 503", Ready.LATER),
    SESSION_IDLE_TIMEOUT(new Kind.Seconds(), "60", "a stream without a frame for so long is closed", Ready.LATER),
    SESSION_TTL(new Kind.Seconds(), "3600", "a session that nobody uses is dropped after so long", Ready.LATER),
    RECORDING_ENABLED(new Kind.Flag(), "true", "streaming sessions are recorded", Ready.LATER),
    RECORDING_RETENTION_DAYS(
            new Kind.Whole(-1, 36_500), "7", "recordings are kept so long; -1 = for ever", Ready.LATER),
    RECORDING_MAX_GB(new Kind.Real(-1, Double.MAX_VALUE), "5", "room for recordings; -1 = no limit", Ready.LATER),
    GATEWAY_HOST(new Kind.Text(), "0.0.0.0", "address the gateway listener binds", Ready.LATER),
    GATEWAY_PORT(new Kind.Port(), "8006", "port of the gateway listener", Ready.LATER),
    GATEWAY_TLS_CERT(new Kind.Place(), "", "its certificate (PEM); not set = made at first start", Ready.LATER),
    GATEWAY_TLS_KEY(new Kind.Place(), "", "its private key (PEM); not set = made at first start", Ready.LATER),
    GATEWAY_WORKERS(new Kind.Words(), "", "workers on other hosts", Ready.LATER),
    GATEWAY_AUTH(new Kind.OneOf("inherit", "none", "api_key"), "inherit", "who may call the gateway", Ready.LATER),
    READERS_HOST(new Kind.Text(), "0.0.0.0", "address the readers listeners bind", Ready.LATER),
    READERS_PORT(new Kind.Port(), "3000", "port of inference by consumer group", Ready.LATER),
    MANAGEMENT_PORT(new Kind.Port(), "3001", "port of reader management and metrics", Ready.LATER),
    VERTEX_PORT(new Kind.Port(), "3002", "port of the prediction-container protocol", Ready.LATER),
    OPENAI_PORT(new Kind.Port(), "3003", "port of the chat-compatible protocol", Ready.LATER),
    SNOWFLAKE_PORT(new Kind.Port(), "3004", "port of the warehouse row-batch protocol", Ready.LATER),
    INTERNAL_PORT(new Kind.Port(), "3005", "port of the autoscaler's signal", Ready.LATER),
    READERS_AUTH(
            new Kind.OneOf("inherit", "none", "api_key"), "inherit", "who may call the readers listeners", Ready.LATER),
    READERS_MANIFEST(new Kind.Place(), "", "YAML file that describes readers", Ready.LATER),
    PERSIST_READERS(new Kind.Flag(), "false", "created readers are written to the manifest", Ready.LATER),
    READER_ID_SUFFIX(new Kind.Flag(), "false", "every reader id of the manifest gets a random ending", Ready.LATER),
    READER_ID(new Kind.Text(), "", "id of the reader that READER_MODEL_NAME describes", Ready.LATER),
    READER_MODEL_NAME(new Kind.Model(), "", "one reader without a manifest: its model", Ready.LATER),
    READER_DEVICE(new Kind.DeviceName(), "", "its device", Ready.LATER),
    READER_CONSUMER_GROUP(new Kind.Text(), "", "its consumer group", Ready.LATER),
    READER_CONSUMER_GROUPS(new Kind.Words(), "", "its consumer groups, where it has several", Ready.LATER),
    READER_MAX_BATCH_SIZE(new Kind.Whole(1, 1024), "", "its largest batch", Ready.LATER),
    READER_BATCH_DURATION_MILLIS(new Kind.Whole(0, 10_000), "", "how long it waits for company", Ready.LATER),
    READER_HEARTBEAT_WAIT_INTERVAL(new Kind.Whole(1, 3600), "", "how many seconds it may stay silent", Ready.LATER),
    READER_BUFFER_REQUESTS(new Kind.Flag(), "", "its groups hold requests while it is away", Ready.LATER),
    READER_ENABLE_DOCUMENT_PROCESSING(new Kind.Flag(), "", "it takes documents of many pages", Ready.LATER),
    READER_REPLICAS(new Kind.Whole(1, 64), "", "how many of it", Ready.LATER),
    ALLOW_REMOTE_IMAGES(new Kind.Flag(), "false", "requests may name a picture by web address", Ready.LATER),
    BODY_SIZE_LIMIT_BYTES(
            new Kind.Whole(1, Integer.MAX_VALUE - 8L), "2097152", "largest body on the readers listeners", Ready.LATER),
    ECHO(new Kind.Flag(), "false", "readers listeners answer what they decoded, without a reader", Ready.LATER),
    ENABLE_METRICS(new Kind.Flag(), "true", "GET /metrics on the management listener", Ready.LATER),
    HEARTBEAT_CHECK_INTERVAL(
            new Kind.Whole(0, 3600), "1", "seconds between two looks for silent readers; 0 = never look"),
    MAX_PROMPT_STRING_BYTES(
            new Kind.Whole(1, Integer.MAX_VALUE), "150000", "longest text on the readers listeners", Ready.LATER),
    MAX_USER_BATCH_SIZE(
            new Kind.Whole(1, Integer.MAX_VALUE),
            "1000",
            "most items of one request on the readers listeners",
            Ready.LATER),
    READER_MESSAGE_TIMEOUT_MS(
            new Kind.Whole(0, Long.MAX_VALUE),
            "500",
            "largest gap inside a streamed answer; 0 = no limit",
            Ready.LATER),
    REPOSITORY_PATH(
            new Kind.Place(), "~/artefacts", "where model artefacts lie, for the readers listeners", Ready.LATER),
    RESERVED_CONSUMERS(new Kind.Text(), "", "groups that hold requests instead of refusing them", Ready.LATER);

    static final String PREFIX = "MATA_SERVER_";

    private final Kind kind;
    private final String standard;
    private final String meaning;
    private final Ready ready;

    Setting(Kind kind, String standard, String meaning) {
        this(kind, standard, meaning, Ready.NOW);
    }

    Setting(Kind kind, String standard, String meaning, Ready ready) {
        this.kind = kind;
        this.standard = standard;
        this.meaning = meaning;
        this.ready = ready;
    }

    /** Whether this release acts on a setting, or only knows its name. */
    enum Ready {
        NOW,
        LATER
    }

    /** As the environment has it: {@code MATA_SERVER_PORT}. */
    public String variable() {
        return PREFIX + name();
    }

    /** As the YAML file has it: {@code port}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Kind kind() {
        return kind;
    }

    /** The default as one would write it; empty = not set. */
    public String standard() {
        return standard;
    }

    public String meaning() {
        return meaning;
    }

    boolean isReady() {
        return ready == Ready.NOW;
    }

    static Optional<Setting> ofVariable(String variable) {
        return Arrays.stream(values())
                .filter(setting -> setting.variable().equals(variable))
                .findFirst();
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key().equals(key))
                .findFirst();
    }
}
