package mata.vision.interpret;

/** Logits to probabilities, in float as the reference. */
public final class Scores {

    private Scores() {}

    /** Of {@code length} logits from {@code from} on; the largest is subtracted first, so nothing overflows. */
    public static float[] softmax(float[] logits, int from, int length) {
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, logits[from + i]);
        }
        var shares = new float[length];
        float sum = 0;
        for (int i = 0; i < length; i++) {
            shares[i] = (float) Math.exp(logits[from + i] - largest);
            sum += shares[i];
        }
        for (int i = 0; i < length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    public static float[] softmax(float[] logits) {
        return softmax(logits, 0, logits.length);
    }

    public static float sigmoid(float logit) {
        return (float) (1 / (1 + Math.exp(-logit)));
    }

    public static float[] sigmoid(float[] logits) {
        var probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = sigmoid(logits[i]);
        }
        return probabilities;
    }

    /** Where the largest of {@code length} values from {@code from} on is, counted from there; the first of equals. */
    public static int largest(float[] values, int from, int length) {
        int best = 0;
        for (int i = 1; i < length; i++) {
            if (values[from + i] > values[from + best]) {
                best = i;
            }
        }
        return best;
    }
}
