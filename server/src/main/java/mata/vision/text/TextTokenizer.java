package mata.vision.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import mata.folder.Entries;
import mata.folder.ModelFolder;
import mata.problem.Problem;
import mata.problem.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * A model's {@code tokenizer.json}: texts to numbers, special tokens around them. Safe to share between threads; owns native
 * memory until closed.
 */
public final class TextTokenizer implements AutoCloseable {

    static {
        // The library would look for its native part on the network where it sees a GPU, and tell its maker that it
        // runs.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    private static final String FILE = "tokenizer.json";

    private final HuggingFaceTokenizer tokenizer;

    private TextTokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * @param most tokens a text may have, special ones included; longer ones are cut before their end token
     * @throws Rejected with {@code BadInput} where the file is missing or cannot be read
     */
    public static TextTokenizer open(ModelFolder folder, int most) {
        Path file = folder.path().resolve(FILE);
        // Read as a stream, so that the library does not look for settings of its own in the files beside it.
        try (InputStream json = Files.newInputStream(file)) {
            return new TextTokenizer(HuggingFaceTokenizer.newInstance(
                    json,
                    Map.of(
                            "padding",
                            "false",
                            "truncation",
                            "true",
                            "maxLength",
                            String.valueOf(most),
                            "modelMaxLength",
                            String.valueOf(most))));
        } catch (NoSuchFileException _) {
            throw new Rejected(new Problem.BadInput("the model's folder has no " + FILE + ", which reads its texts"));
        } catch (IOException | RuntimeException e) {
            throw new Rejected(new Problem.BadInput(FILE + " cannot be read: " + e.getMessage()), e);
        }
    }

    /** The number of the special token that {@code tokenizer_config.json} fills texts up with; {@code otherwise} where it has none. */
    public long filling(ModelFolder folder, long otherwise) {
        Entries config = folder.file("tokenizer_config.json");
        Optional<String> token = config.isText("pad_token")
                ? config.text("pad_token")
                : config.object("pad_token").text("content");
        return token.map(text -> bare(text).ids())
                .filter(ids -> ids.length == 1)
                .map(ids -> ids[0])
                .orElse(otherwise);
    }

    /** With the special tokens that a whole text gets. */
    public Tokens tokens(String text) {
        return tokens(text, true);
    }

    /** Of a part of a text, without special tokens around it. */
    public Tokens bare(String text) {
        return tokens(text, false);
    }

    private Tokens tokens(String text, boolean special) {
        Encoding encoding = tokenizer.encode(text, special, false);
        @Nullable CharSpan[] spans = encoding.getCharTokenSpans();
        var starts = new int[spans.length];
        for (int i = 0; i < spans.length; i++) {
            CharSpan span = spans[i];
            starts[i] = span == null ? Tokens.NOWHERE : text.offsetByCodePoints(0, span.getStart());
        }
        return new Tokens(encoding.getIds(), starts);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
