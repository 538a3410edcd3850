package mata.benchmarks;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import mata.engine.Engine;
import mata.engine.EngineOptions;
import mata.engine.ort.OrtEngine;
import mata.folder.ModelFolder;
import mata.folder.NumberFormat;
import mata.folder.Recognition;
import mata.image.Decoder;
import mata.params.Params;
import mata.task.Task;
import mata.vision.Outcome;
import mata.vision.Pipeline;
import mata.vision.Pipelines;

/**
 * What the machine can do without a server: decode, prepare, run, interpret, with nothing around it. Reads rounds from
 * standard input ({@code callers milliseconds}) and answers each with a line.
 */
final class BareLoop {

    private BareLoop() {}

    public static void main(String[] args) throws Exception {
        ModelFolder folder = ModelFolder.read(Path.of(args[0]), NumberFormat.FP32);
        Task task = Task.of(args[1]).orElseThrow();
        byte[] picture = Files.readAllBytes(Path.of(args[2]));
        int cores = Runtime.getRuntime().availableProcessors();
        try (Engine engine = new OrtEngine();
                Pipeline pipeline = Pipelines.open(
                        folder, Recognition.family(folder, task), engine, EngineOptions.cpu(cores), Map.of())) {
            pipeline.warmUp();
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] parts = line.split(" ");
                int callers = Integer.parseInt(parts[0]);
                Duration time = Duration.ofMillis(Long.parseLong(parts[1]));
                // More runs at once than cores only cost: a loop worth comparing with does not do that.
                var room = new Semaphore(cores);
                System.out.println(Load.run(callers, time, () -> () -> ask(pipeline, picture, room))
                        .line());
            }
        }
    }

    private static void ask(Pipeline pipeline, byte[] picture, Semaphore room) {
        room.acquireUninterruptibly();
        try {
            Outcome outcome = pipeline.infer(Decoder.decode(picture, 64_000_000), Params.NONE);
            if (!(outcome instanceof Outcome.Done)) {
                throw new IllegalStateException(outcome.toString());
            }
        } finally {
            room.release();
        }
    }
}
