package mata.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mata.problem.Rejected;
import mata.task.ModelRef;

/**
 * Speaks the hub's HTTP: what a repository holds, where a file is, and its bytes. Tries again where that can help, and says what
 * to do where it cannot. Safe to use from many threads. The HTTP client beneath is slow to start, so it is made by the first call.
 */
final class HubClient implements AutoCloseable {

    /** Nothing that the hub lists for one page is longer; a foreign server shall not fill our memory. */
    private static final int LONGEST_ANSWER = 16 << 20;

    private static final int MOST_REDIRECTS = 10;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");
    private static final Pattern NEXT_PAGE = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

    private final HubAccess access;
    private final Timeouts timeouts;
    private final Pause pause;
    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Optional<HttpClient> started = Optional.empty();

    /**
     * @param connect until the connection stands
     * @param answer until the headers are there
     * @param stall without a single byte of the body
     */
    record Timeouts(Duration connect, Duration answer, Duration stall) {
        static final Timeouts USUAL =
                new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));
    }

    HubClient(HubAccess access) {
        this(access, Timeouts.USUAL, length -> Thread.sleep(length));
    }

    HubClient(HubAccess access, Timeouts timeouts, Pause pause) {
        this.access = access;
        this.timeouts = timeouts;
        this.pause = pause;
    }

    /** A fresh patience that pauses as this client does. */
    Patience patience() {
        return new Patience(pause);
    }

    /**
     * Lists a repository.
     *
     * @param revision branch, tag or commit
     * @throws Rejected BadInput: no such repository or revision, no right to see it, no network
     */
    RepoListing list(ModelRef model, String revision) throws InterruptedException {
        HubFaults faults = new HubFaults(access, model, revision);
        URI about = at("/api/models/" + model.id() + "/revision/" + encoded(revision));
        String commit = text(faults, read(faults, about).body(), "sha");
        if (!Commits.isCommit(commit)) {
            throw faults.notAHub("'" + commit + "' is no commit");
        }
        List<RepoFile> files = new ArrayList<>();
        Optional<URI> page = Optional.of(at("/api/models/" + model.id() + "/tree/" + commit + "?recursive=true"));
        while (page.isPresent()) {
            Page answer = read(faults, page.orElseThrow());
            for (JsonNode entry : answer.body()) {
                if ("file".equals(entry.path("type").asText())) {
                    files.add(file(faults, entry));
                }
            }
            page = answer.next();
        }
        return new RepoListing(model, revision, commit, files);
    }

    private record Page(JsonNode body, Optional<URI> next) {}

    private Page read(HubFaults faults, URI address) throws InterruptedException {
        HttpResponse<String> answer = ask(faults, address, "GET");
        try {
            Optional<URI> next = answer.headers().allValues("Link").stream()
                    .map(NEXT_PAGE::matcher)
                    .filter(Matcher::find)
                    .map(found -> answer.uri().resolve(found.group(1)))
                    .filter(access::owns)
                    .findFirst();
            return new Page(json.readTree(answer.body()), next);
        } catch (JsonProcessingException e) {
            throw faults.notAHub("it does not answer in JSON");
        }
    }

    private static RepoFile file(HubFaults faults, JsonNode entry) {
        String path = text(faults, entry, "path");
        if (!isInside(path)) {
            throw faults.notAHub("it names a file outside of the repository: " + path);
        }
        JsonNode lfs = entry.path("lfs");
        return new RepoFile(
                path,
                lfs.has("size") ? lfs.path("size").asLong() : entry.path("size").asLong(),
                text(faults, entry, "oid"),
                Optional.ofNullable(lfs.path("oid").textValue()),
                Optional.ofNullable(entry.path("xetHash").textValue()));
    }

    private static String text(HubFaults faults, JsonNode entry, String field) {
        String value = entry.path(field).textValue();
        if (value == null) {
            throw faults.notAHub("its answer has no '" + field + "'");
        }
        return value;
    }

    /** A path that stays below the folder it is resolved against, on every system. */
    static boolean isInside(String path) {
        return !path.isEmpty()
                && path.chars().noneMatch(letter -> letter == '\\' || letter == ':' || letter < ' ')
                && Arrays.stream(path.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    }

    /** Asks where a file's bytes are, and what they will amount to. Sends no token to other hosts, since it does not ask them. */
    RemoteBlob locate(RepoListing listing, RepoFile file) throws InterruptedException {
        HubFaults faults = new HubFaults(access, listing.model(), listing.revision());
        String path =
                Arrays.stream(file.path().split("/")).map(HubClient::encoded).collect(Collectors.joining("/"));
        URI address = at("/" + listing.model().id() + "/resolve/" + listing.commit() + "/" + path);
        HttpResponse<String> answer = ask(faults, address, "HEAD");
        Optional<URI> elsewhere = redirect(answer);
        String etag = answer.headers()
                .firstValue("X-Linked-Etag")
                .or(() -> answer.headers().firstValue("ETag"))
                .map(HubClient::bare)
                .filter(HubClient::isInside)
                .orElse(file.etag());
        long size = answer.headers()
                .firstValueAsLong("X-Linked-Size")
                .orElseGet(() -> elsewhere.isPresent()
                        ? file.size()
                        : answer.headers().firstValueAsLong("Content-Length").orElse(file.size()));
        return new RemoteBlob(etag, size, elsewhere.orElse(answer.uri()));
    }

    /** {@code W/"abc"} or {@code "abc"} as the Python tools name the blob: {@code abc}. */
    private static String bare(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replace("\"", "");
    }

    /**
     * Brings a stretch of a blob, handing the bytes on in order as they come, on another thread.
     *
     * @param from first byte, counted from 0
     * @param to behind the last byte
     * @throws NoRanges where the server sends the whole instead; nothing has been handed on then
     * @throws Stale where the location has died and must be asked for again
     * @throws IOException where the connection broke or stood still; bytes may have been handed on
     */
    void receive(HubFaults faults, RemoteBlob blob, long from, long to, ByteSink sink)
            throws IOException, InterruptedException {
        boolean whole = from == 0 && to == blob.size();
        URI address = blob.location();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpRequest.Builder request = request(address).GET();
            if (!whole) {
                request.header("Range", "bytes=" + from + "-" + (to - 1));
            }
            Incoming incoming = new Incoming(sink);
            HttpResponse<Void> answer = await(
                    client().sendAsync(
                                    request.build(),
                                    info -> takes(info, whole, from, blob.size())
                                            ? incoming
                                            : HttpResponse.BodySubscribers.discarding()),
                    incoming);
            Optional<URI> elsewhere = redirect(answer);
            if (elsewhere.isPresent()) {
                address = elsewhere.orElseThrow();
                continue;
            }
            switch (answer.statusCode()) {
                case 206 -> {
                    if (!incoming.isUsed()) {
                        throw new NoRanges("the server sent another stretch than the one asked for");
                    }
                }
                case 200 -> {
                    if (!incoming.isUsed()) {
                        throw new NoRanges("the server sends files in one piece only");
                    }
                }
                case 401, 403, 404, 410, 416 -> throw new Stale(answer.statusCode());
                case 408, 429, 500, 502, 503, 504 -> throw new Later(answer.statusCode(), HubFaults.wished(answer));
                default -> throw faults.of(answer.statusCode(), answer.headers());
            }
            return;
        }
        throw faults.notAHub("it redirects in circles");
    }

    private static boolean takes(HttpResponse.ResponseInfo info, boolean whole, long from, long size) {
        if (info.statusCode() == 200) {
            return whole;
        }
        if (info.statusCode() != 206) {
            return false;
        }
        Matcher range =
                CONTENT_RANGE.matcher(info.headers().firstValue("Content-Range").orElse(""));
        return range.matches()
                && Long.parseLong(range.group(1)) == from
                && (range.group(3).equals("*") || Long.parseLong(range.group(3)) == size);
    }

    /** The server has no ranges. */
    static final class NoRanges extends IOException {
        NoRanges(String message) {
            super(message);
        }
    }

    /** The location is no longer good. */
    static final class Stale extends IOException {
        final int status;

        Stale(int status) {
            super("the location of the file answers " + status);
            this.status = status;
        }
    }

    /** The server asks for patience. */
    static final class Later extends IOException {
        final transient Optional<Duration> wished;

        Later(int status, Optional<Duration> wished) {
            super("the server answers " + status);
            this.wished = wished;
        }
    }

    /** One small answer: follows redirects within the hub, tries again where that may help, rejects every other failure. */
    private HttpResponse<String> ask(HubFaults faults, URI start, String method) throws InterruptedException {
        Patience patience = patience();
        URI address = start;
        int redirects = 0;
        while (true) {
            HttpRequest request = request(address)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .timeout(timeouts.answer())
                    .build();
            try {
                HttpResponse<String> answer = await(
                        client().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST_ANSWER)),
                        timeouts.answer().plus(timeouts.stall()));
                Optional<URI> elsewhere = redirect(answer);
                if (elsewhere.isPresent() && (access.owns(elsewhere.orElseThrow()) || !method.equals("HEAD"))) {
                    address = elsewhere.orElseThrow();
                    if (++redirects > MOST_REDIRECTS) {
                        throw faults.notAHub("it redirects in circles");
                    }
                    continue;
                }
                if (answer.statusCode() < 400) {
                    return answer;
                }
                boolean worthAnother = HubFaults.isTransient(answer.statusCode());
                if (!worthAnother || !patience.endures(HubFaults.wished(answer))) {
                    throw faults.of(answer.statusCode(), answer.headers());
                }
            } catch (IOException e) {
                if (HubFaults.isHopeless(e) || !patience.endures(Optional.empty())) {
                    throw faults.unreachable(address, e);
                }
            }
        }
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("User-Agent", "mataserver")
                .header("Accept-Encoding", "identity");
        if (access.owns(address)) {
            access.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        }
        return request;
    }

    private static Optional<URI> redirect(HttpResponse<?> answer) {
        if (answer.statusCode() / 100 != 3) {
            return Optional.empty();
        }
        return answer.headers().firstValue("Location").map(place -> answer.uri().resolve(place));
    }

    /** Waits for the whole answer, and gives up once nothing has come for too long. */
    private <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> answer, Incoming incoming)
            throws IOException, InterruptedException {
        long asked = System.nanoTime();
        while (true) {
            Duration left = incoming.isUsed()
                    ? timeouts.stall().minus(incoming.quiet())
                    : timeouts.answer().minusNanos(System.nanoTime() - asked);
            if (!left.isPositive()) {
                incoming.stop();
                answer.cancel(true);
                throw new IOException(
                        incoming.isUsed()
                                ? "no byte came for " + seconds(timeouts.stall())
                                : "no answer came within " + seconds(timeouts.answer()));
            }
            try {
                return answer.get(Math.min(left.toNanos(), timeouts.stall().toNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException quiet) {
                // Look again how long it has been.
            } catch (InterruptedException e) {
                incoming.stop();
                answer.cancel(true);
                throw e;
            } catch (ExecutionException e) {
                throw unwrapped(e);
            }
        }
    }

    private static String seconds(Duration length) {
        return length.toMillis() / 1000.0 + " s";
    }

    private static <T> T await(CompletableFuture<T> answer, Duration longest) throws IOException, InterruptedException {
        try {
            return answer.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("the answer did not end in time", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static IOException unwrapped(ExecutionException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LocalFault disk) {
                return disk;
            }
        }
        Throwable cause = failure.getCause();
        return cause instanceof IOException known ? known : new IOException(String.valueOf(cause), cause);
    }

    private URI at(String pathAndQuery) {
        return URI.create(access.endpoint() + pathAndQuery);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private synchronized HttpClient client() {
        HttpClient client = started.orElseGet(this::start);
        started = Optional.of(client);
        return client;
    }

    /** HTTP/1.1, because several ranges at once want several connections. */
    private HttpClient start() {
        // Eight times the usual: half the time in the system and a fifth less in ours for gigabytes, at 128 kB a
        // connection.
        System.setProperty("jdk.httpclient.bufsize", String.valueOf(128 << 10));
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeouts.connect())
                .proxy(new HubProxies(access.proxies(), access.direct()))
                .executor(threads);
        access.proxies().values().stream()
                .map(URI::getUserInfo)
                .filter(user -> user != null && user.contains(":"))
                .findFirst()
                .ifPresent(user -> builder.authenticator(proxyPassword(user)));
        return builder.build();
    }

    private static Authenticator proxyPassword(String user) {
        // The JDK keeps passwords from proxies of HTTPS unless told otherwise before its first connection.
        System.setProperty("jdk.http.auth.tunneling.disabledSchemes", "");
        String[] parts = user.split(":", 2);
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY
                        ? new PasswordAuthentication(parts[0], parts[1].toCharArray())
                        : super.getPasswordAuthentication();
            }
        };
    }

    @Override
    public synchronized void close() {
        started.ifPresent(HttpClient::shutdownNow);
        threads.shutdownNow();
    }

    /** Only for messages: the host, in lower case. */
    static String host(URI address) {
        return String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    }
}
