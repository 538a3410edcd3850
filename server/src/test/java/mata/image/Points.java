package mata.image;

/** Points written as text. */
final class Points {

    private Points() {}

    static float[] of(String numbers) {
        String[] parts = numbers.strip().split(" ");
        var points = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            points[i] = Float.parseFloat(parts[i]);
        }
        return points;
    }
}
