package mata.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** So many callers, each asking again as soon as it is answered, for so long. */
final class Load {

    /** One caller's way to ask once. */
    interface Caller extends AutoCloseable {
        void ask() throws IOException;

        @Override
        default void close() throws IOException {}
    }

    /** What a round gave. Latencies in nanoseconds. */
    record Round(int answers, double seconds, long medianNanos, long p99Nanos) {

        double perSecond() {
            return answers / seconds;
        }

        /** As one line, for a parent process to read. */
        String line() {
            return answers + " " + seconds + " " + medianNanos + " " + p99Nanos;
        }

        static Round parse(String line) {
            String[] parts = line.split(" ");
            return new Round(
                    Integer.parseInt(parts[0]),
                    Double.parseDouble(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]));
        }
    }

    private Load() {}

    static Round run(int callers, Duration time, Callable<Caller> newCaller) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            long start = System.nanoTime();
            long end = start + time.toNanos();
            List<Future<List<Long>>> running = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                running.add(threads.submit(() -> askUntil(end, newCaller)));
            }
            List<Long> latencies = new ArrayList<>();
            for (Future<List<Long>> one : running) {
                latencies.addAll(one.get());
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long[] sorted = latencies.stream().mapToLong(Long::longValue).toArray();
            Arrays.sort(sorted);
            return new Round(sorted.length, seconds, sorted[sorted.length / 2], sorted[(int) (sorted.length * 0.99)]);
        }
    }

    private static List<Long> askUntil(long end, Callable<Caller> newCaller) throws Exception {
        List<Long> latencies = new ArrayList<>();
        try (Caller caller = newCaller.call()) {
            while (System.nanoTime() < end) {
                long asked = System.nanoTime();
                caller.ask();
                latencies.add(System.nanoTime() - asked);
            }
        }
        return latencies;
    }
}
