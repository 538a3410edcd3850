package mata.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Requests a second and latency of the real server, over HTTP, beside a bare loop over the same runtime with the same
 * decode and preparation. Both live side by side as processes; rounds alternate, so that a noisy machine hurts both; what
 * counts is the median of the rounds' ratios.
 */
final class BesideBareLoop {

    private record Subject(String model, String task, Path folder, Path photo) {}

    private record Pair(Load.Round bare, Load.Round server, double bareCpu, double serverCpu) {}

    private final Path root;
    private final int rounds;
    private final Duration time;

    private BesideBareLoop(Path root, int rounds, Duration time) {
        this.root = root;
        this.rounds = rounds;
        this.time = time;
    }

    /** Arguments: the repository's root, rounds, seconds a round. */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]).toAbsolutePath().normalize();
        new BesideBareLoop(root, Integer.parseInt(args[1]), Duration.ofSeconds(Integer.parseInt(args[2]))).run();
    }

    private void run() throws Exception {
        Path models = root.resolve(".models");
        var subjects = new ArrayList<Subject>();
        subjects.add(new Subject(
                "ml-illustrated/efficientnet-lite0",
                "classify",
                models.resolve("ml-illustrated/efficientnet-lite0"),
                models.resolve("photos/coffee.png")));
        Path yolox = root.resolve("../shared/models/yolox-nano").normalize();
        if (Files.isDirectory(yolox)) {
            subjects.add(new Subject("megvii/yolox-nano", "detect", yolox, models.resolve("photos/china.jpg")));
        }
        int port = freePort();
        Path data = Files.createTempDirectory("mataserver-benchmark");
        Process server = startServer(port, data);
        try {
            for (Subject subject : subjects) {
                pull(port, subject);
                compare(port, server, subject);
            }
        } finally {
            server.destroy();
            if (!server.waitFor(20, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    private void compare(int port, Process server, Subject subject) throws Exception {
        byte[] picture = Files.readAllBytes(subject.photo());
        byte[] raw = HttpCaller.rawRequest(subject.model(), picture, "image/*");
        System.out.printf("%n%s, %s (%d kB)%n", subject.model(), subject.photo().getFileName(), picture.length / 1024);
        System.out.printf(
                "%-8s %12s %12s %7s %12s %12s %9s %12s %12s%n",
                "callers",
                "bare /s",
                "server /s",
                "ratio",
                "bare ms",
                "server ms",
                "added ms",
                "bare cpu ms",
                "server cpu");
        try (var bare = new Bare(subject)) {
            for (int callers : new int[] {1, 8}) {
                Load.run(callers, Duration.ofSeconds(3), () -> new HttpCaller(port, raw)); // warms both
                bare.round(callers, Duration.ofSeconds(3));
                var pairs = new ArrayList<Pair>();
                for (int i = 0; i < rounds; i++) {
                    pairs.add(pair(port, server, bare, callers, raw));
                }
                print(callers, pairs);
            }
        }
    }

    private Pair pair(int port, Process server, Bare bare, int callers, byte[] request) throws Exception {
        double bareBefore = cpuSeconds(bare.process.toHandle());
        Load.Round bareRound = bare.round(callers, time);
        double bareCpu = cpuSeconds(bare.process.toHandle()) - bareBefore;
        double serverBefore = cpuSeconds(server.toHandle());
        Load.Round serverRound = Load.run(callers, time, () -> new HttpCaller(port, request));
        double serverCpu = cpuSeconds(server.toHandle()) - serverBefore;
        return new Pair(
                bareRound, serverRound, 1000 * bareCpu / bareRound.answers(), 1000 * serverCpu / serverRound.answers());
    }

    private static void print(int callers, List<Pair> pairs) {
        System.out.printf(
                Locale.ROOT,
                "%-8d %12.1f %12.1f %7.3f %12.2f %12.2f %9.2f %12.1f %12.1f%n",
                callers,
                median(pairs.stream().mapToDouble(p -> p.bare().perSecond()).toArray()),
                median(pairs.stream().mapToDouble(p -> p.server().perSecond()).toArray()),
                median(pairs.stream()
                        .mapToDouble(p -> p.server().perSecond() / p.bare().perSecond())
                        .toArray()),
                median(pairs.stream()
                        .mapToDouble(p -> p.bare().medianNanos() / 1e6)
                        .toArray()),
                median(pairs.stream()
                        .mapToDouble(p -> p.server().medianNanos() / 1e6)
                        .toArray()),
                median(pairs.stream()
                        .mapToDouble(p -> (p.server().medianNanos() - p.bare().medianNanos()) / 1e6)
                        .toArray()),
                median(pairs.stream().mapToDouble(Pair::bareCpu).toArray()),
                median(pairs.stream().mapToDouble(Pair::serverCpu).toArray()));
    }

    /** The bare loop in a JVM of its own; asked for rounds over its standard input. */
    private static final class Bare implements AutoCloseable {
        private final Process process;
        private final PrintWriter to;
        private final BufferedReader from;

        Bare(Subject subject) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(ProcessHandle.current().info().command().orElse("java"));
            command.addAll(
                    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), BareLoop.class.getName()));
            command.addAll(List.of(
                    subject.folder().toString(), subject.task(), subject.photo().toString()));
            this.process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            this.to = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
            this.from = process.inputReader(StandardCharsets.UTF_8);
        }

        Load.Round round(int callers, Duration time) throws IOException {
            to.println(callers + " " + time.toMillis());
            String line = from.readLine();
            if (line == null) {
                throw new IOException("the bare loop has ended");
            }
            return Load.Round.parse(line);
        }

        @Override
        public void close() {
            to.close(); // the end of its input ends it
        }
    }

    private Process startServer(int port, Path data) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(root.resolve("mataserver").toString(), "serve");
        var environment = builder.environment();
        environment.put("MATA_SERVER_PORT", String.valueOf(port));
        environment.put("MATA_SERVER_HOST", "127.0.0.1");
        environment.put("MATA_SERVER_DATA_DIR", data.toString());
        environment.put("MATA_SERVER_AUTH_MODE", "none");
        environment.put("MATA_SERVER_LOG_LEVEL", "warn");
        Process server = builder.redirectErrorStream(true)
                .redirectOutput(data.resolve("server.log").toFile())
                .start();
        for (int i = 0; i < 300 && server.isAlive(); i++) {
            try (var _ = new Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
                return server;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        throw new IOException("the server did not start: see " + data.resolve("server.log"));
    }

    private static void pull(int port, Subject subject) throws IOException {
        String body = "{\"model\":\"" + subject.folder() + "\",\"task\":\"" + subject.task() + "\",\"name\":\""
                + subject.model() + "\"}";
        byte[] request =
                HttpCaller.request("/v1/models/pull", "application/json", body.getBytes(StandardCharsets.UTF_8));
        try (var caller = new HttpCaller(port, request)) {
            caller.ask();
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static double cpuSeconds(ProcessHandle process) {
        double own =
                process.info().totalCpuDuration().map(d -> d.toNanos() / 1e9).orElse(0.0);
        return own + process.children().mapToDouble(BesideBareLoop::cpuSeconds).sum();
    }

    private static double median(double[] values) {
        java.util.Arrays.sort(values);
        return values[values.length / 2];
    }
}
