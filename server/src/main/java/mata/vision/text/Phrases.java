package mata.vision.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prompts as one text, {@code cat. a dog.}, and which of its tokens belongs to which prompt.
 *
 * @param labels the bare prompts
 * @param tokens of the whole text
 * @param owners of each token the place of its prompt in {@code labels}; -1 for special tokens and full stops
 */
@SuppressWarnings("ArrayRecordComponent") // short-lived, never compared
public record Phrases(List<String> labels, Tokens tokens, int[] owners) {

    private static final int NOBODY = -1;

    public Phrases {
        labels = List.copyOf(labels);
    }

    /**
     * As few texts as will do: as many prompts in each as fit.
     *
     * @param most tokens of a text, special ones included; a single prompt beyond it is cut
     */
    public static List<Phrases> of(List<String> labels, TextTokenizer tokenizer, int most) {
        List<Phrases> all = new ArrayList<>();
        List<String> fitting = new ArrayList<>();
        int taken = tokenizer.tokens("").count();
        int used = taken;
        for (String label : labels) {
            int needed = tokenizer.bare(phrase(label)).count();
            if (used + needed > most && !fitting.isEmpty()) {
                all.add(of(fitting, tokenizer));
                fitting.clear();
                used = taken;
            }
            fitting.add(label);
            used += needed;
        }
        all.add(of(fitting, tokenizer));
        return all;
    }

    private static Phrases of(List<String> labels, TextTokenizer tokenizer) {
        var text = new StringBuilder();
        var begins = new int[labels.size()];
        var ends = new int[labels.size()];
        for (int i = 0; i < begins.length; i++) {
            text.append(i == 0 ? "" : " ");
            begins[i] = text.length();
            text.append(phrase(labels.get(i)));
            ends[i] = text.length() - 1;
        }
        Tokens tokens = tokenizer.tokens(text.toString());
        var owners = new int[tokens.count()];
        for (int token = 0; token < owners.length; token++) {
            owners[token] = owner(tokens.starts()[token], begins, ends);
        }
        return new Phrases(labels, tokens, owners);
    }

    private static String phrase(String label) {
        return label.toLowerCase(Locale.ROOT).replaceAll("^[ .]+|[ .]+$", "") + ".";
    }

    private static int owner(int start, int[] begins, int[] ends) {
        for (int i = 0; i < begins.length; i++) {
            if (start >= begins[i] && start < ends[i]) {
                return i;
            }
        }
        return NOBODY;
    }

    /**
     * The prompt of the token that fits best.
     *
     * @param scores one for each token, from {@code from} on
     */
    public String best(float[] scores, int from) {
        int best = NOBODY;
        for (int token = 0; token < owners.length; token++) {
            if (owners[token] != NOBODY && (best == NOBODY || scores[from + token] > scores[from + best])) {
                best = token;
            }
        }
        return best == NOBODY ? labels.getFirst() : labels.get(owners[best]);
    }
}
