package mata.vision.ppocr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import mata.engine.Tensor;
import mata.image.Frame;
import mata.image.Pixels;
import mata.image.Resizer;

/** Lines of text as one tensor: all of one height, to the left, blue first, -1…1, zero behind each line's end. */
final class Strips {

    static final int HEIGHT = 48;

    private static final float[] HALF = {0.5f, 0.5f, 0.5f};

    private Strips() {}

    static double ratio(Frame line) {
        return (double) line.width() / line.height();
    }

    /** @return {@code [lines, 3, 48, width]}; what is longer is squeezed */
    static Tensor.Floats of(List<Frame> lines, int width) {
        FloatBuffer all = ByteBuffer.allocateDirect(Math.multiplyExact(Float.BYTES * 3 * HEIGHT * width, lines.size()))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        int to = 0;
        for (Frame line : lines) {
            int length = Math.min(width, (int) Math.ceil(HEIGHT * ratio(line)));
            FloatBuffer planes = Pixels.chw(Resizer.linear(line, length, HEIGHT), 1 / 255.0, 0, HALF, HALF, true);
            for (int row = 0; row < 3 * HEIGHT; row++, to += width) {
                all.put(to, planes, row * length, length);
            }
        }
        return new Tensor.Floats(all, lines.size(), 3, HEIGHT, width);
    }
}
