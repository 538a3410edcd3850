package mata.image;

/** Kernels of {@code resample} in preprocessor_config.json, by its numbers 0 to 3. */
public enum Resample {
    NEAREST,
    LANCZOS,
    BILINEAR,
    BICUBIC;

    /** @throws IllegalArgumentException for a number that the reference has no kernel for here */
    public static Resample of(int code) {
        if (code < 0 || code >= values().length) {
            throw new IllegalArgumentException(
                    "resample: " + code + " is none of 0 nearest, 1 lanczos, 2 bilinear, 3 bicubic");
        }
        return values()[code];
    }
}
