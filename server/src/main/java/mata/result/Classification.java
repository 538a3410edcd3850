package mata.result;

/** {@code id} is the label's index in the model, or the prompt's place in the list of prompts. */
public record Classification(int id, String label, float confidence) {}
