package mata.fleet;

import java.util.regex.Pattern;

/** The name under which a reader is listed everywhere: stable across its restarts. Letters, digits, {@code . _ -}; up to 128. */
public record ReaderId(String name) implements Comparable<ReaderId> {

    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    public ReaderId {
        if (!SHAPE.matcher(name).matches()) {
            throw new IllegalArgumentException("not a reader's name: " + name);
        }
    }

    @Override
    public int compareTo(ReaderId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
