package mata.testing;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.function.IntPredicate;
import javax.imageio.ImageIO;
import mata.image.BitMask;

/** A grey picture as the JDK reads it, so that masks are checked by other code than they were written by. */
public record GreyPng(Raster raster) {

    public static GreyPng read(Path file) {
        return read(Fixture.bytes(file));
    }

    public static GreyPng read(byte[] bytes) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
            return new GreyPng(image.getRaster());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public BitMask mask(IntPredicate on) {
        var bits = new byte[raster.getWidth() * raster.getHeight()];
        int[] levels = raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), 0, (int[]) null);
        for (int i = 0; i < bits.length; i++) {
            bits[i] = (byte) (on.test(levels[i]) ? 1 : 0);
        }
        return new BitMask(raster.getWidth(), raster.getHeight(), bits);
    }
}
