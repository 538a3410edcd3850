package mata.graph.build;

/** How a map is resized: as torch's {@code interpolate} does it, never antialiased. */
public enum Resizing {
    NEAREST("nearest", "asymmetric"),
    BILINEAR("linear", "half_pixel"),
    BILINEAR_CORNERS("linear", "align_corners"),
    /** With a = -0.75. */
    BICUBIC("cubic", "half_pixel");

    private final String mode;
    private final String coordinates;

    Resizing(String mode, String coordinates) {
        this.mode = mode;
        this.coordinates = coordinates;
    }

    Node node(Node resize) {
        resize.with("mode", mode).with("coordinate_transformation_mode", coordinates);
        return switch (this) {
            case NEAREST -> resize.with("nearest_mode", "floor");
            case BICUBIC -> resize.with("cubic_coeff_a", -0.75);
            case BILINEAR, BILINEAR_CORNERS -> resize;
        };
    }
}
