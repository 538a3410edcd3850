package mata.result;

/** One thing found. {@code trackId} is 0 where nothing tracks, else 1 and up. */
public record Detection(String label, float confidence, Box box, int trackId) {

    public Detection(String label, float confidence, Box box) {
        this(label, confidence, box, 0);
    }
}
