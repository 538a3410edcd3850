package mata.vision;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import mata.engine.LoadedModel;
import mata.engine.Signature.Port;
import mata.engine.Tensor;
import mata.engine.Tensors;
import mata.vision.text.TextTokenizer;
import mata.vision.text.Tokens;

/**
 * The half of CLIP and SigLIP that reads: texts to vectors, each list of texts once as long as it is remembered.
 *
 * @param output the graph's vectors {@code [texts, size]}
 * @param most tokens of a text
 * @param fixed whether texts are filled up to {@code most}, rather than to the longest of the list
 * @param filling the number of the token behind a text's end
 */
record ClipTexts(
        LoadedModel model,
        String output,
        TextTokenizer tokenizer,
        int most,
        boolean fixed,
        long filling,
        Bounded<List<String>, Tensor.Floats> known) {

    /** So many vectors of 512 numbers are 16 thousand prompts. */
    static final long MOST_BYTES = 32L << 20;

    /** Texts in one run: a list may be long, memory is not. */
    private static final int AT_ONCE = 256;

    static Bounded<List<String>, Tensor.Floats> memory() {
        return new Bounded<>(
                MOST_BYTES, vectors -> (long) Float.BYTES * vectors.data().remaining());
    }

    Tensor.Floats vectors(List<String> texts) {
        return known.get(List.copyOf(texts), () -> read(texts));
    }

    private Tensor.Floats read(List<String> texts) {
        List<Tokens> tokens = texts.stream().map(tokenizer::tokens).toList();
        int length = fixed ? most : Tokens.longest(tokens);
        List<Tensor.Floats> parts = IntStream.range(0, Math.ceilDiv(tokens.size(), AT_ONCE))
                .mapToObj(i -> run(tokens.subList(i * AT_ONCE, Math.min((i + 1) * AT_ONCE, tokens.size())), length))
                .toList();
        int size = parts.getFirst().dimension(1);
        FloatBuffer all = FloatBuffer.allocate(texts.size() * size);
        parts.forEach(part -> all.put(part.data().duplicate()));
        return new Tensor.Floats(all.flip(), texts.size(), size);
    }

    private Tensor.Floats run(List<Tokens> tokens, int length) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("input_ids", Tokens.ids(tokens, length, filling));
        Optional<Port> mask = model.signature().input("attention_mask");
        mask.ifPresent(port -> inputs.put(port.name(), Tokens.mask(tokens, length)));
        Tensors outputs = model.run(new Tensors(inputs));
        Finite.check(outputs, _ -> false);
        return outputs.floats(output);
    }
}
