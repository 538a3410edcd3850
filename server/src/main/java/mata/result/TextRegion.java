package mata.result;

import java.util.List;

/** One line of text. {@code polygon} holds its corners as {@code x, y} in turn, or nothing where the reader gives none. */
public record TextRegion(String text, float confidence, Box box, List<Float> polygon) {
    public TextRegion {
        polygon = List.copyOf(polygon);
    }
}
