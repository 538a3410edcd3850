package mata.image;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.bytedeco.opencv.opencv_core.Scalar;

/** A colour of 8 bits a channel. */
record Colour(int red, int green, int blue) {

    static final Colour BLACK = new Colour(0, 0, 0);
    static final Colour WHITE = new Colour(255, 255, 255);

    /** To be closed. */
    Scalar scalar() {
        return new Scalar(red, green, blue, 0);
    }

    /** Black or white, whichever is easier to read on this. */
    Colour ink() {
        return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? BLACK : WHITE;
    }

    /** Gives each label of one picture a colour of its own; nearly always the one it has in any other picture. */
    static final class Wheel {

        /** Bright, and each unlike its neighbours. */
        private static final int[] RGB = {
            0xff4d4d, 0x2ec4ff, 0xffd23f, 0x9b5de5, 0x3ddc84, 0xff8c42, 0x4d7cff, 0xf15bb5, 0xb8e42a, 0x00bfa6,
            0xff6f91, 0xc08552, 0x5ad1e6, 0xd65db1, 0x8ac926, 0xffa9a3, 0x7a89ff, 0xffc75f, 0x2a9d8f, 0xe0aaff,
        };

        private final Map<String, Colour> given = new HashMap<>();
        private final Set<Integer> taken = new HashSet<>();

        Colour of(String label) {
            return given.computeIfAbsent(label, this::next);
        }

        private Colour next(String label) {
            int slot = Math.floorMod((label.hashCode() * 0x9e3779b1) >>> 8, RGB.length);
            for (int i = 0; i < RGB.length && !taken.add(slot); i++) {
                slot = (slot + 1) % RGB.length;
            }
            return new Colour(RGB[slot] >> 16, (RGB[slot] >> 8) & 0xff, RGB[slot] & 0xff);
        }
    }
}
