package mata.result;

/** A joint in pixels of the picture as shown, with the model's confidence in it. */
public record Joint(float x, float y, float confidence) {}
