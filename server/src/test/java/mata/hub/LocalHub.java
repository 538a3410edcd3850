package mata.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small hub on this machine that speaks the routes and headers of the real one: revision, paged file list, resolve with
 * {@code ETag}, {@code X-Repo-Commit}, {@code X-Linked-Etag} and {@code X-Linked-Size}, large files behind a redirect to a second
 * server, ranges, and every trouble on demand. Counts what it serves and remembers what it was asked.
 */
public final class LocalHub implements AutoCloseable {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
    private static final int PAGE = 1000;

    /** One request as it came. */
    public record Asked(String server, String method, String path, Optional<String> range, Optional<String> token) {}

    /** Trouble for the next request of a file's content; each is used once. */
    public sealed interface Trouble {
        /** An answer without the content. */
        record Status(int code, Map<String, String> headers) implements Trouble {}

        /** The connection ends after so many bytes of the body. */
        record CutAfter(long bytes) implements Trouble {}

        /** Nothing more comes after so many bytes, until the hub releases all such or closes. */
        record StallAfter(long bytes) implements Trouble {}

        /** One byte is another one. */
        record FlipByte(long at) implements Trouble {}
    }

    private static final class Repository {
        final Map<String, Content> files = new TreeMap<>();
        final Map<String, String> revisions = new LinkedHashMap<>();
        boolean gated;
        boolean closed;
    }

    private final HttpServer hub;
    private final HttpServer store;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Repository> repositories = new ConcurrentHashMap<>();
    private final Map<String, Content> blobs = new ConcurrentHashMap<>();
    private final Map<String, Queue<Trouble>> troubles = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final AtomicLong served = new AtomicLong();
    private final CountDownLatch released = new CountDownLatch(1);
    private final ObjectMapper json = new ObjectMapper();
    private volatile Optional<String> token = Optional.empty();
    private volatile boolean ranges = true;
    private volatile int pageLength = PAGE;
    private volatile LongConsumer onServed = total -> {};

    public LocalHub() throws IOException {
        this(0);
    }

    public LocalHub(int port) throws IOException {
        hub = start(port, this::answer);
        store = start(0, this::answerFromStore);
    }

    private HttpServer start(int port, Handling handling) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handling.handle(exchange);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }

    @FunctionalInterface
    private interface Handling {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    /** Where large files are, on another port. */
    public URI store() {
        return URI.create("http://127.0.0.1:" + store.getAddress().getPort());
    }

    /** Adds or replaces a small file. Every change makes a new commit on {@code main}. */
    public LocalHub put(String model, String path, String text) {
        return put(model, path, Content.of(text.getBytes(StandardCharsets.UTF_8), false));
    }

    /** Adds or replaces a file; a large one is kept outside of git, as by the real hub. */
    public LocalHub put(String model, String path, Content content) {
        Repository repository = repositories.computeIfAbsent(model, id -> new Repository());
        repository.files.put(path, content);
        repository.revisions.put("main", commit(repository));
        blobs.put(content.etag(), content);
        return this;
    }

    private static String commit(Repository repository) {
        MessageDigest sha1 = Checksum.digest("SHA-1");
        repository.files.forEach(
                (path, content) -> sha1.update((path + content.etag()).getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(sha1.digest());
    }

    /** Gives the commit of {@code main} one more name. */
    public LocalHub tag(String model, String revision) {
        repository(model).revisions.put(revision, commit(model));
        return this;
    }

    private Repository repository(String model) {
        return Objects.requireNonNull(repositories.get(model), model);
    }

    public String commit(String model) {
        return commit(repository(model));
    }

    Content contentOf(String model, String path) {
        return Objects.requireNonNull(repository(model).files.get(path), path);
    }

    /** Only callers with this token see closed and gated repositories. */
    public LocalHub token(String secret) {
        token = Optional.of(secret);
        return this;
    }

    public LocalHub close(String model) {
        repository(model).closed = true;
        return this;
    }

    public LocalHub gate(String model) {
        repository(model).gated = true;
        return this;
    }

    /** @param path of a file in its repository; or the path of an address of the hub's API, for which only a status can be set */
    public LocalHub trouble(String path, Trouble... next) {
        troubles.computeIfAbsent(path, file -> new ConcurrentLinkedQueue<>()).addAll(List.of(next));
        return this;
    }

    public LocalHub withoutRanges() {
        ranges = false;
        return this;
    }

    public LocalHub pagesOf(int entries) {
        pageLength = entries;
        return this;
    }

    /** Hears how many bytes of files have been served in all, while they are. */
    public LocalHub onServed(LongConsumer listener) {
        onServed = listener;
        return this;
    }

    /** Lets go on what stands still. */
    public void release() {
        released.countDown();
    }

    public long served() {
        return served.get();
    }

    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    public void forget() {
        asked.clear();
        served.set(0);
    }

    private void remember(String server, HttpExchange exchange) {
        asked.add(new Asked(
                server,
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range")),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))));
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        remember("hub", exchange);
        String path = exchange.getRequestURI().getPath();
        if (Optional.ofNullable(troubles.get(path)).map(Queue::poll).orElse(null)
                instanceof Trouble.Status(int code, Map<String, String> headers)) {
            headers.forEach(exchange.getResponseHeaders()::set);
            send(exchange, code, new byte[0]);
            return;
        }
        for (Map.Entry<String, Repository> entry : repositories.entrySet()) {
            String id = entry.getKey();
            Repository repository = entry.getValue();
            if (path.startsWith("/api/models/" + id + "/") || path.startsWith("/" + id + "/resolve/")) {
                if (refuses(repository, exchange)) {
                    return;
                }
                if (path.startsWith("/api/models/" + id + "/revision/")) {
                    revision(exchange, id, repository, path.substring(path.indexOf("/revision/") + 10));
                } else if (path.startsWith("/api/models/" + id + "/tree/")) {
                    tree(exchange, repository, path.substring(path.indexOf("/tree/") + 6));
                } else {
                    resolve(exchange, repository, path.substring(("/" + id + "/resolve/").length()));
                }
                return;
            }
        }
        boolean known = token.isPresent() && hasToken(exchange);
        fault(exchange, known || token.isEmpty() ? 404 : 401, "RepoNotFound", "Repository not found");
    }

    private boolean hasToken(HttpExchange exchange) {
        return token.map(secret -> "Bearer " + secret)
                .filter(wanted -> wanted.equals(exchange.getRequestHeaders().getFirst("Authorization")))
                .isPresent();
    }

    private boolean refuses(Repository repository, HttpExchange exchange) throws IOException {
        boolean sent = exchange.getRequestHeaders().containsKey("Authorization");
        if (sent && token.isPresent() && !hasToken(exchange)) {
            exchange.getResponseHeaders().set("X-Error-Message", "Invalid credentials in Authorization header");
            send(exchange, 401, new byte[0]);
            return true;
        }
        if (repository.closed && !hasToken(exchange)) {
            fault(exchange, 401, "RepoNotFound", "Repository not found");
            return true;
        }
        if (repository.gated && !hasToken(exchange)) {
            fault(exchange, 401, "GatedRepo", "Access to this model is restricted");
            return true;
        }
        return false;
    }

    private Optional<String> commitOf(Repository repository, String revision) {
        String name = URLDecoder.decode(revision, StandardCharsets.UTF_8);
        return Optional.ofNullable(repository.revisions.get(name))
                .or(() -> repository.revisions.values().stream()
                        .filter(name::equals)
                        .findFirst());
    }

    private void revision(HttpExchange exchange, String id, Repository repository, String revision) throws IOException {
        Optional<String> commit = commitOf(repository, revision);
        if (commit.isEmpty()) {
            fault(exchange, 404, "RevisionNotFound", "Invalid rev id: " + revision);
            return;
        }
        List<Map<String, Object>> siblings = repository.files.keySet().stream()
                .map(path -> Map.<String, Object>of("rfilename", path))
                .toList();
        send(
                exchange,
                200,
                json.writeValueAsBytes(Map.of(
                        "id",
                        id,
                        "modelId",
                        id,
                        "sha",
                        commit.orElseThrow(),
                        "private",
                        false,
                        "tags",
                        List.of(),
                        "downloads",
                        0,
                        "likes",
                        0,
                        "siblings",
                        siblings)));
    }

    private void tree(HttpExchange exchange, Repository repository, String revision) throws IOException {
        Optional<String> commit = commitOf(repository, revision);
        if (commit.isEmpty()) {
            fault(exchange, 404, "RevisionNotFound", "Invalid rev id: " + revision);
            return;
        }
        List<Map<String, Object>> entries = new ArrayList<>();
        repository.files.keySet().stream()
                .filter(path -> path.contains("/"))
                .map(path -> path.substring(0, path.indexOf('/')))
                .distinct()
                .forEach(folder ->
                        entries.add(Map.of("type", "directory", "oid", "0".repeat(40), "size", 0, "path", folder)));
        repository.files.forEach((path, content) -> entries.add(content.entry(path)));
        Matcher cursor = Pattern.compile("cursor=(\\d+)")
                .matcher(
                        Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""));
        int from = cursor.find() ? Integer.parseInt(cursor.group(1)) : 0;
        int to = Math.min(entries.size(), from + pageLength);
        if (to < entries.size()) {
            String next = endpoint() + exchange.getRequestURI().getPath() + "?recursive=true&cursor=" + to;
            exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
        }
        send(exchange, 200, json.writeValueAsBytes(entries.subList(from, to)));
    }

    private void resolve(HttpExchange exchange, Repository repository, String revisionAndPath)
            throws IOException, InterruptedException {
        String revision = revisionAndPath.substring(0, revisionAndPath.indexOf('/'));
        String path = revisionAndPath.substring(revision.length() + 1);
        Optional<String> commit = commitOf(repository, revision);
        if (commit.isEmpty()) {
            fault(exchange, 404, "RevisionNotFound", "Invalid rev id: " + revision);
            return;
        }
        exchange.getResponseHeaders().set("X-Repo-Commit", commit.orElseThrow());
        Content content = repository.files.get(path);
        if (content == null) {
            fault(exchange, 404, "EntryNotFound", "Entry not found");
            return;
        }
        if (content.isLarge()) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + content.etag() + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(content.size()));
            exchange.getResponseHeaders()
                    .set("Location", store() + "/" + content.etag() + "?signature=s" + asked.size() + "&path=" + path);
            exchange.getResponseHeaders().set("ETag", '"' + content.pointerOid() + '"');
            send(exchange, 302, new byte[0]);
            return;
        }
        exchange.getResponseHeaders().set("ETag", '"' + content.etag() + '"');
        deliver(exchange, path, content);
    }

    private void answerFromStore(HttpExchange exchange) throws IOException, InterruptedException {
        remember("store", exchange);
        if (exchange.getRequestHeaders().containsKey("Authorization")) {
            send(exchange, 400, "two ways to sign in at once".getBytes(StandardCharsets.UTF_8));
            return;
        }
        Content content = blobs.get(exchange.getRequestURI().getPath().substring(1));
        if (content == null) {
            send(exchange, 404, new byte[0]);
            return;
        }
        String query = exchange.getRequestURI().getQuery();
        deliver(exchange, query.substring(query.indexOf("path=") + 5), content);
    }

    private void deliver(HttpExchange exchange, String path, Content content) throws IOException, InterruptedException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        Optional<Trouble> trouble = head
                ? Optional.empty()
                : Optional.ofNullable(troubles.get(path)).map(Queue::poll);
        if (trouble.orElse(null) instanceof Trouble.Status(int code, Map<String, String> headers)) {
            headers.forEach(exchange.getResponseHeaders()::set);
            send(exchange, code, new byte[0]);
            return;
        }
        long from = 0;
        long to = content.size();
        Matcher range =
                RANGE.matcher(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                        .orElse(""));
        boolean part = ranges && range.matches();
        if (part) {
            from = Long.parseLong(range.group(1));
            to = range.group(2).isEmpty() ? to : Math.min(to, Long.parseLong(range.group(2)) + 1);
            exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + content.size());
        }
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(to - from));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(part ? 206 : 200, to == from ? -1 : to - from);
        send(exchange.getResponseBody(), content, from, to, trouble);
    }

    private void send(OutputStream out, Content content, long from, long to, Optional<Trouble> trouble)
            throws IOException, InterruptedException {
        long stop = switch (trouble.orElse(null)) {
            case Trouble.CutAfter(long bytes) -> Math.min(to, from + bytes);
            case Trouble.StallAfter(long bytes) -> Math.min(to, from + bytes);
            case null, default -> to;
        };
        send(out, content, from, stop, trouble.orElse(null) instanceof Trouble.FlipByte(long at) ? at : -1);
        if (stop < to) {
            out.flush();
        }
        if (trouble.orElse(null) instanceof Trouble.StallAfter) {
            released.await();
            send(out, content, stop, to, -1);
        }
    }

    private void send(OutputStream out, Content content, long from, long to, long flip) throws IOException {
        byte[] piece = new byte[1 << 16];
        for (long at = from; at < to; ) {
            int length = content.read(piece, at, (int) Math.min(piece.length, to - at));
            if (flip >= at && flip < at + length) {
                piece[(int) (flip - at)] ^= 1;
            }
            out.write(piece, 0, length);
            at += length;
            onServed.accept(served.addAndGet(length));
        }
    }

    private static void fault(HttpExchange exchange, int status, String code, String message) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.getResponseHeaders().set("X-Error-Message", message);
        send(exchange, status, ("{\"error\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        if (!empty) {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
        }
        exchange.sendResponseHeaders(status, empty ? -1 : body.length);
        if (!empty) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        release();
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    /** Adds all files of a folder; those above 1 MiB are kept outside of git. */
    public LocalHub putFolder(String model, Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                String path = folder.relativize(file).toString().replace('\\', '/');
                put(model, path, Content.of(bytes, bytes.length > 1 << 20));
            }
        }
        return this;
    }

    /**
     * A hub to try things on: {@code tools/local-hub PORT MODEL=FOLDER… MODEL:PATH=BYTES…} serves folders, and files of random
     * bytes of any size.
     */
    public static void main(String[] args) throws IOException {
        LocalHub hub = new LocalHub(Integer.parseInt(args[0]));
        for (String argument : List.of(args).subList(1, args.length)) {
            String[] parts = argument.split("=", 2);
            String[] place = parts[0].split(":", 2);
            if (place.length == 1) {
                hub.putFolder(place[0], Path.of(parts[1]));
            } else {
                hub.put(place[0], place[1], Content.random(Long.parseLong(parts[1]), 1));
            }
        }
        System.out.println("HF_ENDPOINT=" + hub.endpoint());
    }
}
