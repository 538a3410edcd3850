package mata.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * From process start to the first {@code /v1/health} with 200, and a whole {@code mataserver list}, by the program as it is
 * installed. {@code java -version} beside them says what this machine's JVM costs at the least right now.
 */
final class StartUp {

    private final Path program;
    private final Path data;

    private StartUp(Path program, Path data) {
        this.program = program;
        this.data = data;
    }

    /** Arguments: the repository's root, rounds. */
    public static void main(String[] args) throws Exception {
        Path program = Path.of(args[0]).toAbsolutePath().resolve("server/target/mataserver/bin/mataserver");
        int rounds = Integer.parseInt(args[1]);
        var startUp = new StartUp(program, Files.createTempDirectory("mataserver-startup"));
        var version = new double[rounds];
        var list = new double[rounds];
        var health = new double[rounds];
        startUp.health(); // makes the data folder and its key
        for (int i = 0; i < rounds; i++) {
            version[i] = startUp.command(List.of(java(), "-Xshare:auto", "-version"));
            list[i] = startUp.command(List.of(program.toString(), "list"));
            health[i] = startUp.health();
        }
        print("java -version", version);
        print("mataserver list", list);
        print("serve to first /v1/health", health);
    }

    private static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    private static void print(String what, double[] seconds) {
        Arrays.sort(seconds);
        System.out.printf(
                Locale.ROOT,
                "%-28s min %.3f s   median %.3f s   max %.3f s%n",
                what,
                seconds[0],
                seconds[seconds.length / 2],
                seconds[seconds.length - 1]);
    }

    private double command(List<String> words) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        int exit = process(words, Map.of()).waitFor();
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (exit != 0) {
            throw new IOException(words + " ended with " + exit);
        }
        return seconds;
    }

    private double health() throws IOException, InterruptedException {
        int port = freePort();
        long begun = System.nanoTime();
        Process server = process(
                List.of(program.toString(), "serve"),
                Map.of("MATA_SERVER_PORT", String.valueOf(port), "MATA_SERVER_HOST", "127.0.0.1"));
        try {
            while (!isHealthy(port)) {
                if (!server.isAlive()) {
                    throw new IOException("the server ended with " + server.exitValue());
                }
                Thread.sleep(2);
            }
            return (System.nanoTime() - begun) / 1e9;
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static boolean isHealthy(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            OutputStream out = socket.getOutputStream();
            out.write("GET /v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).startsWith("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private Process process(List<String> words, Map<String, String> more) throws IOException {
        var builder = new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(data.resolve("log").toFile());
        builder.environment().put("MATA_SERVER_DATA_DIR", data.toString());
        builder.environment().putAll(more);
        return builder.start();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
