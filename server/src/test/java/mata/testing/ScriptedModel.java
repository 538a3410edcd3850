package mata.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import mata.image.Frame;
import mata.params.Params;
import mata.problem.Problem;
import mata.problem.Rejected;
import mata.result.Classification;
import mata.result.Result;
import mata.vision.Outcome;
import mata.vision.Pipeline;

/**
 * A model that does what the picture says. The picture is a line of text: a verb and what it needs, e.g. {@code say cat},
 * {@code sleep 50}, {@code refuse too dark}, {@code hang}. All but the deadly verbs answer with the text as a label.
 */
public final class ScriptedModel implements Pipeline {

    private final int maxBatch;

    public ScriptedModel(int maxBatch) {
        this.maxBatch = maxBatch;
    }

    public static byte[] picture(String script) {
        return script.getBytes(UTF_8);
    }

    /** Decodes by laying the text into the pixels; {@code garbage} is no picture. */
    public static Frame decode(byte[] picture, long maxPixels) {
        String script = new String(picture, UTF_8);
        if (script.startsWith("garbage")) {
            throw new Rejected(new Problem.BadInput("not a picture: " + script));
        }
        int width = Math.ceilDiv(picture.length, 3);
        return new Frame(width, 1, Arrays.copyOf(picture, 3 * width));
    }

    public static String script(Frame frame) {
        return new String(frame.rgb(), UTF_8).replace("\0", "");
    }

    /** The label that a model of this kind has answered. */
    public static String label(Result result) {
        return ((Result.Classifications) result).items().getFirst().label();
    }

    @Override
    public Outcome infer(Frame frame, Params params) {
        String script = script(frame);
        String rest = script.substring(script.indexOf(' ') + 1);
        switch (script.split(" ")[0]) {
            case "sleep" -> sleep(Long.parseLong(rest));
            case "refuse" -> {
                return new Outcome.Failed(new Problem.BadInput(rest));
            }
            case "throw" -> throw new IllegalStateException(rest);
            case "link" -> throw new UnsatisfiedLinkError(rest);
            case "hang" -> hang();
            case "once" -> haltOnce(Path.of(rest));
            case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(rest));
            case "crash" -> writeWhereNothingIs();
            default -> {}
        }
        return new Outcome.Done(
                new Result.Classifications(List.of(new Classification(0, script, 1))), 1, 2, 3, List.of());
    }

    @Override
    public List<Outcome> inferAll(List<Frame> frames, List<Params> params) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) {
            outcomes.add(infer(frames.get(i), params.get(i)));
        }
        return outcomes;
    }

    /** Ends the process, unless the file says that this has been done. */
    private static void haltOnce(Path done) {
        try {
            Files.createFile(done);
            Runtime.getRuntime().halt(3);
        } catch (FileAlreadyExistsException _) {
            // the second time all is well
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As native code does when it has a bug: the process dies of a signal. */
    @SuppressWarnings("restricted")
    private static void writeWhereNothingIs() {
        MemorySegment.ofAddress(8).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
    }

    static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int maxBatch() {
        return maxBatch;
    }

    @Override
    public void warmUp() {}

    @Override
    public void close() {}
}
